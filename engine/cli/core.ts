import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type StringValueNode,
} from "graphql"
import type {
  EnumDefinition,
  FunctionDefinition,
  ObjectDefinition,
  TypeReference,
} from "../module/definitions.js"

/**
 * The core API's objects in the shape of a module's own, so that chains go on
 * to them: `./call build --source=. export --path=dist`.
 */
export function coreObject(
  schema: GraphQLSchema,
  name: string,
): ObjectDefinition | undefined {
  const type = schema.getType(name)
  if (!isObjectType(type)) {
    return undefined
  }
  const fields = Object.values(type.getFields())
  return {
    name,
    description: type.description ?? "",
    functions: Object.fromEntries(fields.map((f) => [f.name, toFunction(f)])),
  }
}

/** The core API's enums, by name. */
export function coreEnums(
  schema: GraphQLSchema,
): Record<string, EnumDefinition> {
  const enums = Object.values(schema.getTypeMap()).filter(isEnumType)
  return Object.fromEntries(
    enums.map((type) => [
      type.name,
      {
        name: type.name,
        description: type.description ?? "",
        members: type.getValues().map(({ name, description }) => ({
          name,
          value: name,
          description: description ?? "",
        })),
      },
    ]),
  )
}

function toFunction(field: GraphQLField<unknown, unknown>): FunctionDefinition {
  return {
    name: field.name,
    description: field.description ?? "",
    parameters: field.args.map((argument) => ({
      name: argument.name,
      description: argument.description ?? "",
      type: toType(argument.type, expectedType(argument)),
      optional: !isRequiredArgument(argument),
      defaultValue: argument.defaultValue,
    })),
    returns: toType(field.type, expectedType(field)),
  }
}

const SCALARS: Record<string, TypeReference> = {
  Boolean: { kind: "boolean" },
  Float: { kind: "float" },
  Int: { kind: "integer" },
  Void: { kind: "void" },
}

function toType(
  type: GraphQLType,
  expected: string | undefined,
): TypeReference {
  if (isNonNullType(type)) {
    return toType(type.ofType, expected)
  }
  if (isListType(type)) {
    return { kind: "list", of: toType(type.ofType, expected) }
  }
  if (isEnumType(type)) {
    return { kind: "enum", name: type.name }
  }
  if (isObjectType(type)) {
    return { kind: "object", name: type.name }
  }
  if (isInputObjectType(type)) {
    return { kind: "input", name: type.name }
  }
  // An ID that stands for an object names it: `ID! @expectedType(name: …)`.
  return expected === undefined
    ? (SCALARS[String(type)] ?? { kind: "string" })
    : { kind: "object", name: expected }
}

function expectedType(
  node: GraphQLArgument | GraphQLField<unknown, unknown>,
): string | undefined {
  const directive = node.astNode?.directives?.find(
    ({ name }) => name.value === "expectedType",
  )
  const value = directive?.arguments?.find(({ name }) => name.value === "name")
  return (value?.value as StringValueNode | undefined)?.value
}
