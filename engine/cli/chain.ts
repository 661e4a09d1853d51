import { EngineError } from "../errors.js"
import type { Answer } from "../module/answer.js"
import {
  namedType,
  type ObjectDefinition,
  resultType,
} from "../module/definitions.js"
import type { ModuleCall } from "../module/invoke.js"
import type { FindObject, Invocation, Link } from "./arguments.js"
import { finishChangeset } from "./changes.js"
import { FunctionError } from "./failure.js"
import { kebab } from "./names.js"
import {
  callCore,
  each,
  type Queryable,
  resolveValue,
  sync,
} from "./queries.js"
import { type Result, render, save } from "./result.js"
import { readFlags, type Surroundings, type Value } from "./values.js"
import type { View } from "./view.js"

export interface ChainContext {
  session: Queryable
  around: Surroundings
  findCore: FindObject
  callModule(call: ModuleCall): Promise<Answer>
  view: Pick<View, "stage" | "say">
  /** Whether a changeset at the end is applied. */
  apply: boolean
}

/** A link whose flags were read: all that can be wrong before anything runs. */
type ReadyLink = Link & { values: Record<string, Value> }

export interface ReadyChain {
  construct: ReadyLink
  /** Functions of the module's own objects; then those of the API's. */
  own: ReadyLink[]
  core: ReadyLink[]
}

/** @throws UsageError when a flag's text does not fit. */
export function readChain(
  { construct, chain }: Pick<Invocation, "construct" | "chain">,
  isOwn: (object: string) => boolean,
  around: Surroundings,
): ReadyChain {
  const ready = (link: Link): ReadyLink => ({
    ...link,
    values: readFlags(link, around),
  })
  return {
    construct: ready(construct),
    own: chain.filter(({ object }) => isOwn(object.name)).map(ready),
    core: chain.filter(({ object }) => !isOwn(object.name)).map(ready),
  }
}

/**
 * Calls the functions of a chain one on the other. An object at the end is
 * made to run; with `output` what is at the end is saved there.
 */
export async function callChain(
  chain: ReadyChain,
  context: ChainContext,
  output: string | undefined,
): Promise<Result> {
  let result = await callOwn(chain, context)
  for (const link of chain.core) {
    result = await callLink(link, result, context)
  }
  return output === undefined
    ? finish(result, context)
    : saveTo(result, context, output)
}

async function callOwn(
  { construct, own }: ReadyChain,
  context: ChainContext,
): Promise<Result> {
  const step = own.map((link) => kebab(link.function.name)).join(" ")
  context.view.stage(step)
  const path = await Promise.all(
    own.map(async (link) => ({
      function: link.function.name,
      arguments: await resolveAll(link, context),
    })),
  )
  const answer = await context.callModule({
    construct: await resolveAll(construct, context),
    path,
  })
  if ("error" in answer) {
    throw new FunctionError(answer.error, step)
  }
  const type = own.reduce(
    (on, link) => resultType(on, link.function.returns),
    construct.function.returns,
  )
  return { type, value: answer.value }
}

async function resolveAll(
  { values }: ReadyLink,
  { session }: ChainContext,
): Promise<Record<string, unknown>> {
  const resolved = await Promise.all(
    Object.entries(values).map(async ([name, value]) => [
      name,
      await resolveValue(session, value),
    ]),
  )
  return Object.fromEntries(resolved)
}

/** Calls a function of the API; on a list of objects, on each of them. */
async function callLink(
  link: ReadyLink,
  on: Result,
  context: ChainContext,
): Promise<Result> {
  const { session, around } = context
  const step = kebab(link.function.name)
  if (on.value === null) {
    throw new EngineError(
      `There is nothing to call ${step} on: what stands before it gave nothing.`,
    )
  }
  context.view.stage(step)
  const values = await resolveAll(link, context)
  const type = resultType(on.type, link.function.returns)
  const value = await each(on.value, (id) =>
    callCore(
      session,
      { type: link.object.name, id },
      link.function,
      values,
      around.enums,
    ),
  )
  return { type, value }
}

async function finish(result: Result, context: ChainContext): Promise<Result> {
  if (result.value === null) return result
  const name = namedType(result.type) ?? ""
  if (name === "Changeset") {
    return finishChangeset(context, String(result.value))
  }
  if (functionsOf(name, context).sync) {
    await each(result.value, (id) => sync(context.session, { type: name, id }))
  }
  return result
}

async function saveTo(
  { type, value }: Result,
  context: ChainContext,
  output: string,
): Promise<Result> {
  const object = type.kind === "object" && context.findCore(type.name)
  if (!object || value === null) {
    return { type, value: await save(render({ type, value }, false), output) }
  }
  const exporting = object.functions.export
  if (!exporting) {
    throw new EngineError(`A ${object.name} cannot be saved with --output.`)
  }
  const saved = await callCore(
    context.session,
    { type: object.name, id: String(value) },
    exporting,
    { path: output },
    context.around.enums,
  )
  return { type: exporting.returns, value: saved }
}

function functionsOf(
  name: string,
  { findCore }: ChainContext,
): ObjectDefinition["functions"] {
  return findCore(name)?.functions ?? {}
}
