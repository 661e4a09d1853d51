import {
  type ExecutionResult,
  execute,
  GraphQLError,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from "graphql"
import type { Api } from "./api.js"
import { executableSchema } from "./executable.js"

/**
 * Answers a GraphQL document of the Dagger API.
 *
 * @param rules What those who ask have to keep to besides.
 */
export async function answer(
  api: Api,
  document: string,
  rules: ValidationRule[] = [],
): Promise<ExecutionResult> {
  try {
    const parsed = parse(document, { noLocation: false })
    const errors = validate(executableSchema, parsed, [
      ...specifiedRules,
      ...rules,
    ])
    if (errors.length > 0) {
      return { errors: errors.map(pointToDagger) }
    }
    return await execute({
      schema: executableSchema,
      document: parsed,
      contextValue: api,
    })
  } catch (error) {
    return {
      errors: [
        error instanceof GraphQLError ? error : new GraphQLError(String(error)),
      ],
    }
  }
}

const OUTSIDE = /^(?:Cannot query field|Unknown (?:argument|type)) /

/** What is not in this schema may well be in the whole API. */
function pointToDagger(error: GraphQLError): GraphQLError {
  return OUTSIDE.test(error.message)
    ? new GraphQLError(
        `${error.message} The embedded engine has a part of the Dagger API only: "dagger call" has all of it.`,
        { nodes: error.nodes },
      )
    : error
}
