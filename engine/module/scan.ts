import type {
  EnumDefinition,
  FunctionDefinition,
  ModuleDefinition,
  ObjectDefinition,
  ParameterDefinition,
  TypeReference,
} from "./definitions.js"

/**
 * The JSON that the SDK's own introspection prints of a module. Private to the
 * SDK, so its version is pinned and `test/e2e/module.test.ts` holds the shape.
 */
export interface Scan {
  name: string
  description: string
  objects: Record<string, ScannedObject>
  enums: Record<string, ScannedEnum>
  interfaces?: Record<string, ScannedInterface>
}

/** A class, or a type that is an object: the latter has fields only. */
interface ScannedObject {
  name: string
  description: string
  methods?: Record<string, ScannedMethod>
  properties: Record<string, ScannedProperty>
}

interface ScannedInterface {
  name: string
  description: string
  functions: Record<string, ScannedMethod>
}

interface ScannedMethod {
  name: string
  alias?: string
  description: string
  arguments: Record<string, ScannedArgument>
  returnType: ScannedType
}

interface ScannedProperty {
  name: string
  alias?: string
  description: string
  type: ScannedType
  isExposed: boolean
}

interface ScannedArgument {
  name: string
  description: string
  type: ScannedType
  isVariadic: boolean
  isNullable: boolean
  isOptional: boolean
  defaultValue?: unknown
  defaultPath?: string
  defaultAddress?: string
  ignore?: string[]
}

interface ScannedEnum {
  name: string
  description: string
  values: Record<string, { name: string; value: string; description: string }>
}

interface ScannedType {
  kind: string
  name?: string
  typeDef?: ScannedType
}

/** The definitions in the shape that the rest of the engine uses. */
export function fromScan(name: string, scan: Scan): ModuleDefinition {
  return {
    name,
    description: scan.description,
    main: scan.name,
    objects: {
      ...mapValues(scan.interfaces ?? {}, fromInterface),
      ...mapValues(scan.objects, fromObject),
    },
    enums: mapValues(scan.enums, toEnum),
  }
}

function fromInterface(scanned: ScannedInterface): ObjectDefinition {
  const { name, description, functions } = scanned
  return { name, description, functions: mapValues(functions, toFunction) }
}

function fromObject(scanned: ScannedObject): ObjectDefinition {
  const properties = Object.values(scanned.properties)
  const functions = [
    ...properties.filter(({ isExposed }) => isExposed).map(toField),
    ...Object.values(scanned.methods ?? {}).map(toFunction),
  ]
  return {
    name: scanned.name,
    description: scanned.description,
    construct: constructorOf(scanned),
    functions: Object.fromEntries(functions.map((f) => [f.name, f])),
    fields: Object.fromEntries(
      properties.map(({ name, type }) => [name, toType(type)]),
    ),
  }
}

/** Every object has a `constructor`; only its own is the scanned one. */
function constructorOf(scanned: ScannedObject): ParameterDefinition[] {
  const own: unknown = Object.hasOwn(scanned, "constructor")
    ? scanned.constructor
    : undefined
  const method = own as Pick<ScannedMethod, "arguments"> | undefined
  return Object.values(method?.arguments ?? {}).map(toParameter)
}

function toFunction(method: ScannedMethod): FunctionDefinition {
  return {
    ...named(method),
    description: method.description,
    parameters: Object.values(method.arguments).map(toParameter),
    returns: toType(method.returnType),
  }
}

function toField(property: ScannedProperty): FunctionDefinition {
  return {
    ...named(property),
    description: property.description,
    parameters: [],
    returns: toType(property.type),
    field: true,
  }
}

function named({ name, alias }: { name: string; alias?: string }): {
  name: string
  member?: string
} {
  return alias ? { name: alias, member: name } : { name }
}

function toParameter(argument: ScannedArgument): ParameterDefinition {
  const { isOptional, isNullable, isVariadic } = argument
  const { name, description, defaultValue, defaultPath } = argument
  const { defaultAddress, ignore } = argument
  const optional =
    isOptional ||
    isNullable ||
    isVariadic ||
    defaultValue !== undefined ||
    defaultPath !== undefined
  return {
    ...{ name, description, type: toType(argument.type), optional },
    ...{ defaultValue, defaultPath, defaultAddress, ignore },
    ...(isNullable && defaultValue === undefined ? { nullable: true } : {}),
    ...(isVariadic ? { variadic: true } : {}),
  }
}

function toEnum(scanned: ScannedEnum): EnumDefinition {
  return {
    name: scanned.name,
    description: scanned.description,
    members: Object.values(scanned.values),
  }
}

const SCALARS: Record<string, TypeReference> = {
  STRING_KIND: { kind: "string" },
  INTEGER_KIND: { kind: "integer" },
  FLOAT_KIND: { kind: "float" },
  BOOLEAN_KIND: { kind: "boolean" },
  VOID_KIND: { kind: "void" },
  // A scalar of the API (Platform, JSON) travels as a string.
  SCALAR_KIND: { kind: "string" },
}

function toType({ kind, name = "", typeDef }: ScannedType): TypeReference {
  const scalar = SCALARS[kind]
  if (scalar) {
    return scalar
  }
  if (kind === "LIST_KIND" && typeDef) {
    return { kind: "list", of: toType(typeDef) }
  }
  return { kind: kind === "ENUM_KIND" ? "enum" : "object", name }
}

function mapValues<From, To>(
  record: Record<string, From>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, map(value)]),
  )
}
