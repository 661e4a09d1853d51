import * as sdk from "@dagger.io/dagger"
import type {
  FunctionDefinition,
  ModuleDefinition,
  TypeReference,
} from "./definitions.js"

/** One call of a module's function: object arguments are ids. */
export interface FunctionCall {
  object: string
  function: string
  arguments: Record<string, unknown>
}

/** What a module's `src/index.ts` exports. */
export type ModuleExports = Record<string, unknown>

/**
 * Calls a function of a module and gives its result as plain data: an object
 * of the API as its id.
 *
 * Needs an open session of the SDK. Errors of the function come through as
 * they are.
 *
 * @example
 * await invoke(module, definition, {
 *   object: "PypiDeploy", function: "version", arguments: { source: id },
 * })
 */
export async function invoke(
  module: ModuleExports,
  definition: ModuleDefinition,
  call: FunctionCall,
): Promise<unknown> {
  const callee = definition.objects[call.object]?.functions[call.function]
  const Callee = module[call.object]
  if (!callee || !isConstructor(Callee)) {
    throw new Error(
      `The module has no function ${call.object}.${call.function}.`,
    )
  }
  const instance = new Callee()
  const method = instance[call.function]
  if (typeof method !== "function") {
    throw new Error(`${call.object}.${call.function} is not a function.`)
  }
  return encode(await method.apply(instance, decodeAll(callee, call.arguments)))
}

function decodeAll(
  callee: FunctionDefinition,
  values: Record<string, unknown>,
): unknown[] {
  return callee.parameters.map((parameter) =>
    decode(values[parameter.name], parameter.type),
  )
}

function decode(value: unknown, type: TypeReference): unknown {
  if (value === undefined) {
    return undefined
  }
  if (type.kind === "list") {
    return (value as unknown[]).map((item) => decode(item, type.of))
  }
  if (type.kind === "object") {
    return coreObject(type.name, String(value))
  }
  return value
}

/** The SDK's own object for an id, as the SDK makes them: `node(id:)`. */
function coreObject(name: string, id: string): unknown {
  const CoreType = (sdk as ModuleExports)[name]
  if (!isConstructor(CoreType)) {
    throw new Error(`The SDK has no type ${name}.`)
  }
  return new CoreType(new sdk.Context().selectNode(id, name))
}

async function encode(result: unknown): Promise<unknown> {
  if (Array.isArray(result)) {
    return Promise.all(result.map(encode))
  }
  if (hasId(result)) {
    return result.id()
  }
  return result
}

function hasId(value: unknown): value is { id(): Promise<string> } {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { id?: unknown }).id === "function"
  )
}

type Constructor = new (...args: unknown[]) => Record<string, unknown>

function isConstructor(value: unknown): value is Constructor {
  return typeof value === "function"
}
