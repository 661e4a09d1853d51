import {
  type FunctionDefinition,
  namedType,
  type ObjectDefinition,
  type ParameterDefinition,
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
  /** The flags before the first function: its constructor's. */
  construct: Link
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
  const construct = constructorOf(main)
  const invocation = { options: defaults(), construct, chain: [] as Link[] }
  let last = construct
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith("-")) {
      readFlag(word, rest, last, invocation.options)
    } else {
      last = readFunction(word, last.function, findObject)
      invocation.chain.push(last)
    }
  }
  if (!invocation.options.help && last !== construct) {
    requireFlags(construct, helpFor(invocation, 0))
    invocation.chain.forEach((link, index) => {
      requireFlags(link, helpFor(invocation, index + 1))
    })
  }
  return invocation
}

/** A constructor as a function without a name, whose result is its object. */
function constructorOf(main: ObjectDefinition): Link {
  const { name, description, construct: parameters = [] } = main
  const returns = { kind: "object", name } as const
  const callee = { name: "", description, parameters, returns }
  return { object: main, function: callee, flags: new Map() }
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
  previous: FunctionDefinition,
  findObject: FindObject,
): Link {
  const object = findObject(namedType(previous.returns) ?? "")
  if (!object) {
    throw new UsageError(
      `Nothing can be called on the result of ${kebab(previous.name)}, so "${word}" has no place.`,
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

function readFlag(
  word: string,
  rest: string[],
  link: Link,
  options: Options,
): void {
  const equals = word.indexOf("=")
  const flag = equals < 0 ? word : word.slice(0, equals)
  const inline = equals < 0 ? undefined : word.slice(equals + 1)
  const parameter = findParameter(link.function, flag)
  if (parameter) {
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
  if (option.value) {
    option.set(options, takeValue(flag, inline, rest))
  } else if (isSwitchedOn(flag, inline)) {
    option.set(options, "")
  }
}

function isSwitchedOn(flag: string, inline = "true"): boolean {
  if (inline !== "true" && inline !== "false") {
    throw new UsageError(`${flag} is "${inline}", but takes true or false.`)
  }
  return inline === "true"
}

function findParameter(
  callee: FunctionDefinition,
  flag: string,
): ParameterDefinition | undefined {
  return callee.parameters.find(({ name }) => flag === `--${kebab(name)}`)
}

function unknownFlag(flag: string, { function: callee }: Link): string {
  if (callee.name === "") {
    return `There is no option ${flag}: see ./call --help.`
  }
  const flags = callee.parameters.map(({ name }) => `--${kebab(name)}`)
  const known = flags.length > 0 ? `it has ${flags.join(", ")}` : "it has none"
  return `${kebab(callee.name)} has no flag ${flag}: ${known}.`
}

/** The call that gives the help for the first functions of a chain. */
function helpFor({ options, chain }: Invocation, count: number): string {
  const module = options.module === "" ? [] : ["-m", options.module]
  const names = chain.slice(0, count).map((link) => kebab(link.function.name))
  return ["./call", ...module, ...names, "--help"].join(" ")
}

function requireFlags(
  { function: callee, object, flags }: Link,
  help: string,
): void {
  const missing = callee.parameters.filter(
    ({ name, optional }) => !optional && !flags.has(name),
  )
  if (missing.length === 0) {
    return
  }
  const names = missing.map(({ name }) => `--${kebab(name)}`).join(", ")
  const name = kebab(callee.name)
  throw new UsageError(
    name === ""
      ? `${object.name} needs ${names} before the function: see ${help}.`
      : `${name} needs ${names}: see ${help}.`,
  )
}
