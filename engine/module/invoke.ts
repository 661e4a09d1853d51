import {
  type ModuleDefinition,
  namedType,
  resultType,
  type TypeReference,
} from "./definitions.js"
import { type ModuleExports, State } from "./state.js"

/** A call into a module: object arguments are ids. */
export interface ModuleCall {
  /** What the main object's constructor is given. */
  construct: Record<string, unknown>
  /** Functions, each called on what the one before it gave. */
  path: Step[]
}

interface Step {
  function: string
  arguments: Record<string, unknown>
}

/**
 * Makes a module's main object, calls functions one on the other and gives
 * the last result as plain data: an object of the API as its id, an object of
 * the module as its fields.
 *
 * Needs an open session of the SDK. Errors of the functions come through as
 * they are.
 *
 * @example
 * await invoke(module, definition, {
 *   construct: {}, path: [{ function: "version", arguments: { source: id } }],
 * })
 */
export async function invoke(
  module: ModuleExports,
  definition: ModuleDefinition,
  call: ModuleCall,
): Promise<unknown> {
  const state = new State(module, definition)
  const name = definition.main
  const Main = state.exported(name)
  const main = definition.objects[name]
  if (!Main || !main) {
    throw new Error(`The module exports no class ${name}.`)
  }
  let type: TypeReference = { kind: "object", name }
  let value: unknown = new Main(
    ...state.decodeAll(main.construct ?? [], call.construct),
  )
  for (const step of call.path) {
    value = await callOn(value, type, step, state)
    const on = definition.objects[namedType(type) ?? ""]
    const returns = on?.functions[step.function]?.returns ?? { kind: "void" }
    type = resultType(type, returns)
  }
  return state.encode(value, type, true)
}

/** Calls a function; on a list, on each item of it; on nothing, none. */
async function callOn(
  value: unknown,
  type: TypeReference,
  step: Step,
  state: State,
): Promise<unknown> {
  if (value === null || value === undefined) {
    return null
  }
  if (type.kind === "list") {
    return Promise.all(
      (value as unknown[]).map((item) => callOn(item, type.of, step, state)),
    )
  }
  const object = state.objectOf(value, type)
  const callee = object.functions[step.function]
  if (!callee) {
    throw new Error(`${object.name} has no function ${step.function}.`)
  }
  const instance = await state.restored(value, type)
  const member = instance[callee.member ?? callee.name]
  if (callee.field) {
    return member
  }
  if (typeof member !== "function") {
    throw new Error(`${object.name}.${step.function} is not a function.`)
  }
  const { parameters } = callee
  return member.apply(instance, state.decodeAll(parameters, step.arguments))
}
