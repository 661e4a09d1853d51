import type {
  EnumDefinition,
  FunctionDefinition,
  ModuleDefinition,
  ParameterDefinition,
  TypeReference,
} from "./definitions.js"

/**
 * The JSON that the SDK's own introspection prints of a module. Private to the
 * SDK, so its version is pinned and `test/unit/engine/scan.test.ts` holds the
 * shape.
 */
export interface Scan {
  name: string
  description: string
  objects: Record<string, ScannedObject>
  enums: Record<string, ScannedEnum>
}

interface ScannedObject {
  name: string
  description: string
  constructor?: unknown
  methods: Record<string, ScannedMethod>
}

interface ScannedMethod {
  name: string
  alias?: string
  description: string
  arguments: Record<string, ScannedArgument>
  returnType: ScannedType
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
    objects: mapValues(scan.objects, (object) => ({
      name: object.name,
      description: object.description,
      functions: mapValues(object.methods, toFunction),
    })),
    enums: mapValues(scan.enums, toEnum),
  }
}

function toFunction(method: ScannedMethod): FunctionDefinition {
  return {
    name: method.name,
    description: method.description,
    parameters: Object.values(method.arguments).map(toParameter),
    returns: toType(method.returnType),
  }
}

function toParameter(argument: ScannedArgument): ParameterDefinition {
  const optional =
    argument.isOptional ||
    argument.isNullable ||
    argument.isVariadic ||
    argument.defaultValue !== undefined ||
    argument.defaultPath !== undefined
  return {
    name: argument.name,
    description: argument.description,
    type: toType(argument.type),
    optional,
    defaultValue: argument.defaultValue,
    defaultPath: argument.defaultPath,
    ignore: argument.ignore,
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

function toType(type: ScannedType): TypeReference {
  const scalar = SCALARS[type.kind]
  if (scalar) {
    return scalar
  }
  if (type.kind === "LIST_KIND" && type.typeDef) {
    return { kind: "list", of: toType(type.typeDef) }
  }
  return {
    kind: type.kind === "ENUM_KIND" ? "enum" : "object",
    name: type.name ?? "",
  }
}

function mapValues<From, To>(
  record: Record<string, From>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, map(value)]),
  )
}
