import type {
  FunctionDefinition,
  ObjectDefinition,
  ParameterDefinition,
} from "../module/definitions.js"
import { kebab } from "./names.js"
import { findOption, type Options, takeValue } from "./options.js"
import { UsageError } from "./usage.js"

/** One function of a chain, with its flags as they were written. */
export interface Link {
  object: ObjectDefinition
  function: FunctionDefinition
  /** Texts by parameter name; a flag given twice has two. */
  flags: Map<string, string[]>
}

export interface Invocation {
  options: Options
  /** The functions called one on the other, e.g. `build`, `export`. */
  chain: Link[]
}

/** The type behind a name, of the module or of the core API. */
export type FindObject = (name: string) => ObjectDefinition | undefined

/**
 * Reads a command line: options, then a function, its flags, the next
 * function on its result, and so on, as `dagger call` reads it.
 *
 * @throws UsageError naming the word that does not fit, and what would.
 */
export function parseArguments(
  words: string[],
  main: ObjectDefinition,
  findObject: FindObject,
): Invocation {
  const rest = [...words]
  const invocation: Invocation = { options: defaults(), chain: [] }
  let object: ObjectDefinition | undefined = main
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith("-")) {
      readFlag(word, rest, invocation)
      continue
    }
    const link = readFunction(word, object, invocation.chain.at(-1))
    invocation.chain.push(link)
    const { returns } = link.function
    object = returns.kind === "object" ? findObject(returns.name) : undefined
  }
  if (!invocation.options.help) {
    invocation.chain.forEach(requireFlags)
  }
  return invocation
}

function defaults(): Options {
  return {
    module: "",
    json: false,
    silent: false,
    autoApply: false,
    debug: false,
    help: false,
    prune: false,
  }
}

function readFunction(
  word: string,
  object: ObjectDefinition | undefined,
  previous: Link | undefined,
): Link {
  if (!object) {
    const name = kebab(previous?.function.name ?? "")
    throw new UsageError(
      `Nothing can be called on the result of ${name}, so "${word}" has no place.`,
    )
  }
  const found = Object.values(object.functions).find(
    (candidate) => kebab(candidate.name) === kebab(word),
  )
  if (!found) {
    const names = Object.keys(object.functions).map(kebab).sort().join(", ")
    throw new UsageError(
      `There is no function "${word}" on ${object.name}: it has ${names}.`,
    )
  }
  return { object, function: found, flags: new Map() }
}

function readFlag(word: string, rest: string[], invocation: Invocation): void {
  const [, flag = word, inline] = /^([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? []
  const link = invocation.chain.at(-1)
  const parameter = link && findParameter(link.function, flag)
  if (link && parameter) {
    const value =
      parameter.type.kind === "boolean"
        ? (inline ?? "true")
        : takeValue(flag, inline, rest)
    const texts = link.flags.get(parameter.name) ?? []
    link.flags.set(parameter.name, [...texts, value])
    return
  }
  const option = findOption(flag)
  if (!option) {
    throw new UsageError(unknownFlag(flag, link))
  }
  option.set(
    invocation.options,
    option.value ? takeValue(flag, inline, rest) : "",
  )
}

function findParameter(
  callee: FunctionDefinition,
  flag: string,
): ParameterDefinition | undefined {
  return callee.parameters.find(({ name }) => flag === `--${kebab(name)}`)
}

function unknownFlag(flag: string, link: Link | undefined): string {
  if (!link) {
    return `There is no option ${flag}: see ./call --help.`
  }
  const flags = link.function.parameters.map(({ name }) => `--${kebab(name)}`)
  const known = flags.length > 0 ? `it has ${flags.join(", ")}` : "it has none"
  return `${kebab(link.function.name)} has no flag ${flag}: ${known}.`
}

function requireFlags(link: Link): void {
  const missing = link.function.parameters.filter(
    ({ name, optional }) => !optional && !link.flags.has(name),
  )
  if (missing.length > 0) {
    const flags = missing.map(({ name }) => `--${kebab(name)}`).join(", ")
    throw new UsageError(
      `${kebab(link.function.name)} needs ${flags}: see ./call ${kebab(link.function.name)} --help.`,
    )
  }
}
