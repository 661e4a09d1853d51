import { EngineError } from "../errors.js"
import type { Answer } from "../module/answer.js"
import type { ObjectDefinition } from "../module/definitions.js"
import type { FunctionCall } from "../module/invoke.js"
import type { FindObject, Link } from "./arguments.js"
import { finishChangeset } from "./changes.js"
import { FunctionError } from "./failure.js"
import { callCore, type Queryable, resolveValue, sync } from "./queries.js"
import { type Result, render, save } from "./result.js"
import { readFlags, type Surroundings } from "./values.js"

export interface ChainContext {
  session: Queryable
  around: Surroundings
  findCore: FindObject
  callModule(call: FunctionCall): Promise<Answer>
  /** Whether a changeset at the end is applied. */
  apply: boolean
}

/** A link whose flags were read: all that can be wrong before anything runs. */
type ReadyLink = Link & { values: ReturnType<typeof readFlags> }

/** @throws UsageError when a flag's text does not fit. */
export function readChain(chain: Link[], around: Surroundings): ReadyLink[] {
  return chain.map((link) => ({ ...link, values: readFlags(link, around) }))
}

/**
 * Calls the functions of a chain one on the other: the first is the module's,
 * the others are the core API's. An object at the end is made to run; with
 * `output` what is at the end is saved there.
 */
export async function callChain(
  chain: ReadyLink[],
  context: ChainContext,
  output: string | undefined,
): Promise<Result> {
  let result: Result | undefined
  for (const link of chain) {
    result = await callLink(link, result, context)
  }
  if (!result) {
    throw new EngineError("Nothing was called.")
  }
  return finish(result, context, output)
}

async function callLink(
  link: ReadyLink,
  on: Result | undefined,
  context: ChainContext,
): Promise<Result> {
  const { session, around } = context
  const values: Record<string, unknown> = {}
  await Promise.all(
    Object.entries(link.values).map(async ([name, value]) => {
      values[name] = await resolveValue(session, value)
    }),
  )
  const type = link.function.returns
  if (!on) {
    return { type, value: await callModule(link, values, context) }
  }
  if (!context.findCore(link.object.name)) {
    throw new EngineError(
      `${link.object.name} is the module's own type, and the embedded engine calls functions of the API's types only: "dagger call" calls both.`,
    )
  }
  const object = { type: link.object.name, id: String(on.value) }
  const { enums } = around
  return {
    type,
    value: await callCore(session, object, link.function, values, enums),
  }
}

async function callModule(
  link: ReadyLink,
  values: Record<string, unknown>,
  context: ChainContext,
): Promise<unknown> {
  const answer = await context.callModule({
    object: link.object.name,
    function: link.function.name,
    arguments: values,
  })
  if ("error" in answer) {
    throw new FunctionError(answer.error)
  }
  return answer.value
}

async function finish(
  result: Result,
  { session, around, findCore, apply }: ChainContext,
  output: string | undefined,
): Promise<Result> {
  const { type, value } = result
  if (type.kind !== "object") {
    return output === undefined
      ? result
      : { type, value: await save(render(result, false), output) }
  }
  const functions: ObjectDefinition["functions"] | undefined = findCore(
    type.name,
  )?.functions
  const object = { type: type.name, id: String(value) }
  if (type.name === "Changeset" && output === undefined) {
    return finishChangeset(session, object.id, findCore, apply)
  }
  if (output === undefined) {
    if (functions?.sync) {
      await sync(session, object)
    }
    return result
  }
  if (!functions?.export) {
    throw new EngineError(`A ${type.name} cannot be saved with --output.`)
  }
  const values = { path: output }
  return {
    type: functions.export.returns,
    value: await callCore(
      session,
      object,
      functions.export,
      values,
      around.enums,
    ),
  }
}
