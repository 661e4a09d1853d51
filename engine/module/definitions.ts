/**
 * What can be called: objects, their functions and the types of their
 * arguments. One shape for a module's own functions and for the core API, so
 * that the command line has one way of parsing, helping and converting.
 */
export interface ModuleDefinition {
  /** The module's name as `dagger.json` has it, e.g. `pypi-deploy`. */
  name: string
  description: string
  /** Name of the object whose functions the command line offers first. */
  main: string
  objects: Record<string, ObjectDefinition>
  enums: Record<string, EnumDefinition>
}

export interface ObjectDefinition {
  name: string
  description: string
  /** What its constructor takes, where a call makes it: the main object's. */
  construct?: ParameterDefinition[]
  functions: Record<string, FunctionDefinition>
  /** A module's own object: what is kept of it between two calls. */
  fields?: Record<string, TypeReference>
}

export interface FunctionDefinition {
  name: string
  description: string
  parameters: ParameterDefinition[]
  returns: TypeReference
  /** The method or field of the class, where an alias is the name. */
  member?: string
  /** Whether it is a field, and not a method. */
  field?: true
}

export interface ParameterDefinition {
  name: string
  description: string
  type: TypeReference
  /** Whether a call may leave it out. */
  optional: boolean
  /** What the function sees when it is left out. */
  defaultValue?: unknown
  /** Path in the module's repository that a left-out folder or file means. */
  defaultPath?: string
  /** Image that a left-out container means. */
  defaultAddress?: string
  /** Patterns that are not sent along with a folder. */
  ignore?: string[]
  /** Whether the function sees `null` when it is left out. */
  nullable?: true
  /** Whether it is a `...rest` of the function. */
  variadic?: true
}

export interface EnumDefinition {
  name: string
  description: string
  members: { name: string; value: string; description: string }[]
}

export type TypeReference =
  | { kind: "string" | "integer" | "float" | "boolean" | "void" }
  | { kind: "enum" | "object" | "input"; name: string }
  | { kind: "list"; of: TypeReference }

/**
 * The type of what is called on a value: on a list, a list of what is called
 * on each.
 */
export function resultType(
  on: TypeReference,
  returns: TypeReference,
): TypeReference {
  return on.kind === "list"
    ? { kind: "list", of: resultType(on.of, returns) }
    : returns
}

/** The enum's or object's name inside a type, lists included. */
export function namedType(type: TypeReference): string | undefined {
  if (type.kind === "list") {
    return namedType(type.of)
  }
  return "name" in type ? type.name : undefined
}
