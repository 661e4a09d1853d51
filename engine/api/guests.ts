import { GraphQLError, type ValidationRule } from "graphql"

/**
 * Fields that reach the machine of the caller. They are the caller's: a module
 * has what it is passed, as on the Dagger engine, whoever wrote it.
 */
const OF_THE_CALLER: Record<string, string[]> = {
  Query: ["host", "secret", "address"],
  Changeset: ["export"],
  Container: ["export"],
  Directory: ["export"],
  File: ["export"],
  Service: ["up"],
}

/** Refuses those fields to a module's process. */
export const forGuests: ValidationRule = (context) => ({
  Field(node) {
    const type = String(context.getParentType())
    const field = node.name.value
    if (OF_THE_CALLER[type]?.includes(field)) {
      const [object, name] = [type.toLowerCase(), field]
      context.reportError(
        new GraphQLError(
          `A module cannot call ${object === "query" ? name : `${object}.${name}`}: it sees the folders, files and secrets that it is passed as arguments. Take it as one.`,
          { nodes: node },
        ),
      )
    }
  },
})
