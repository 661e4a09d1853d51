import type { GraphQLSchema } from "graphql"
import type { Engine } from "../engine.js"
import { explain } from "../errors.js"
import { Ids } from "../values/ids.js"
import type { Value } from "../values/values.js"

/** What resolvers work with. */
export interface Api {
  engine: Engine
  ids: Ids
}

/**
 * Answers one field. Arguments come as the schema has them, defaults filled
 * in, so each resolver says which it takes.
 */
export type Resolver<T> = (value: T, args: never, api: Api) => unknown

/** The fields of one type. */
export type Resolvers<T> = Record<string, Resolver<T>>

/** Fields that every object with an id has. */
export function node<T extends Value>(): Resolvers<T> {
  return { id: (value, _: never, { ids }) => ids.of(value) }
}

/**
 * A schema whose fields are answered by these resolvers. What they throw is
 * turned into a sentence.
 */
export function withResolvers(
  schema: GraphQLSchema,
  resolvers: Record<string, Resolvers<never>>,
): GraphQLSchema {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName)
    if (type === undefined || !("getFields" in type)) {
      throw new Error(`the schema has no type ${typeName}`)
    }
    const known = type.getFields()
    for (const [name, resolver] of Object.entries(fields)) {
      const field = known[name]
      if (field === undefined || !("resolve" in field)) {
        throw new Error(`the schema has no field ${typeName}.${name}`)
      }
      field.resolve = async (value, args, api: Api) => {
        try {
          return await resolver(value as never, args as never, api)
        } catch (error) {
          throw explain(error)
        }
      }
    }
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if ("resolveType" in type) {
      type.resolveType = (value: Value) => value.type
    }
  }
  return schema
}
