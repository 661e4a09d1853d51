import { existsSync, statSync } from "node:fs"
import path from "node:path"
import type {
  EnumDefinition,
  ParameterDefinition,
  TypeReference,
} from "../module/definitions.js"
import type { Link } from "./arguments.js"
import { kebab, screamingSnake } from "./names.js"
import { UsageError } from "./usage.js"

/** Where texts are turned into values: the machine as the caller sees it. */
export interface Surroundings {
  cwd: string
  environment: NodeJS.ProcessEnv
  /** Repository of the module: what a `defaultPath` is relative to. */
  context: string
  enums: Record<string, EnumDefinition>
}

/** An object that the API has to make: fields called one on the other. */
export interface ObjectQuery {
  fields: string[]
}

/** A flag's value: plain data, or an object still to be asked for. */
export type Value = string | number | boolean | ObjectQuery | Value[]

/**
 * The arguments that a link's flags mean, as `dagger call` converts them:
 * paths, `env:`, `file:` and `cmd:` secrets, lists with commas, enum members
 * in any case. Nothing is run or read yet.
 *
 * @throws UsageError for a text that does not fit its type, or a folder, file
 *   or variable that is not there.
 */
export function readFlags(
  link: Link,
  around: Surroundings,
): Record<string, Value> {
  const values: Record<string, Value> = {}
  for (const parameter of link.function.parameters) {
    const texts = link.flags.get(parameter.name)
    const value = texts
      ? convert(texts, parameter, around)
      : defaultValue(parameter, around)
    if (value !== undefined) {
      values[parameter.name] = value
    }
  }
  return values
}

function defaultValue(
  parameter: ParameterDefinition,
  { context }: Surroundings,
): Value | undefined {
  const { defaultPath, type, ignore } = parameter
  if (defaultPath === undefined || type.kind !== "object") {
    return undefined
  }
  const folder = path.join(context, defaultPath)
  return { fields: hostFields(type.name, folder, ignore) }
}

function convert(
  texts: string[],
  parameter: ParameterDefinition,
  around: Surroundings,
): Value {
  const flag = `--${kebab(parameter.name)}`
  const { type, ignore } = parameter
  if (type.kind === "list") {
    return texts
      .flatMap((text) => text.split(","))
      .filter((text) => text !== "")
      .map((text) => one(text, type.of, flag, around, ignore))
  }
  const last = texts.at(-1) ?? ""
  return one(last, type, flag, around, ignore)
}

function one(
  text: string,
  type: TypeReference,
  flag: string,
  around: Surroundings,
  ignore: string[] | undefined,
): Value {
  switch (type.kind) {
    case "integer":
      return number(text, flag, /^-?\d+$/, "a whole number")
    case "float":
      return number(text, flag, /^-?\d+(\.\d+)?$/, "a number")
    case "boolean":
      return boolean(text, flag)
    case "enum":
      return member(text, type.name, flag, around)
    case "object":
      return { fields: objectFields(text, type.name, flag, around, ignore) }
    default:
      return text
  }
}

function number(
  text: string,
  flag: string,
  pattern: RegExp,
  what: string,
): number {
  if (!pattern.test(text)) {
    throw new UsageError(`${flag} is "${text}", but takes ${what}.`)
  }
  return Number(text)
}

function boolean(text: string, flag: string): boolean {
  if (text !== "true" && text !== "false") {
    throw new UsageError(`${flag} is "${text}", but takes true or false.`)
  }
  return text === "true"
}

function member(
  text: string,
  name: string,
  flag: string,
  { enums }: Surroundings,
): string {
  const members = enums[name]?.members ?? []
  const found = members.find(
    (candidate) => screamingSnake(candidate.name) === screamingSnake(text),
  )
  if (!found) {
    const names = members.map((candidate) => screamingSnake(candidate.name))
    throw new UsageError(
      `${flag} is "${text}", but takes one of ${names.join(", ")}.`,
    )
  }
  return found.value
}

function objectFields(
  text: string,
  type: string,
  flag: string,
  around: Surroundings,
  ignore: string[] | undefined,
): string[] {
  if (type === "Directory" || type === "File") {
    const file = hostPath(text, type, flag, around)
    return hostFields(type, file, ignore)
  }
  if (type === "Secret") {
    return [field("secret", { uri: secretUri(text, flag, around) })]
  }
  const fields = NAMED[type]
  if (!fields) {
    throw new UsageError(
      `${flag} takes a ${type}, which the embedded engine cannot make from a text: "dagger call" can.`,
    )
  }
  return fields(text)
}

/** Objects that a text names. */
const NAMED: Record<string, (text: string) => string[]> = {
  CacheVolume: (text) => [field("cacheVolume", { key: text })],
  Container: (text) => [field("address", { value: text }), "container"],
  Service: (text) => [field("address", { value: text }), "service"],
}

function field(name: string, values: Record<string, unknown>): string {
  const written = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return `${name}(${written.join(", ")})`
}

function hostPath(
  text: string,
  type: "Directory" | "File",
  flag: string,
  { cwd }: Surroundings,
): string {
  const file = path.resolve(cwd, text.replace(/^file:\/\//, ""))
  if (!existsSync(file)) {
    throw new UsageError(`${flag} is ${text}, but there is nothing at ${file}.`)
  }
  if (statSync(file).isDirectory() !== (type === "Directory")) {
    const what = type === "Directory" ? "a folder" : "a file"
    throw new UsageError(`${flag} is ${text}, which is not ${what}.`)
  }
  return file
}

function hostFields(
  type: string,
  file: string,
  ignore: string[] | undefined,
): string[] {
  return type === "Directory"
    ? ["host", field("directory", { path: file, exclude: ignore })]
    : ["host", field("file", { path: file })]
}

/** `env:NAME` and `env://NAME` are the same, and so are `file:` and `cmd:`. */
function secretUri(
  text: string,
  flag: string,
  { cwd, environment }: Surroundings,
): string {
  const [, kind, rest = ""] = /^(env|file|cmd):(?:\/\/)?(.+)$/.exec(text) ?? []
  if (!kind) {
    throw new UsageError(
      `${flag} takes a secret's place, never the secret itself: env:NAME, file:PATH or cmd:COMMAND.`,
    )
  }
  if (kind === "env" && environment[rest] === undefined) {
    throw new UsageError(
      `${flag} is env:${rest}, but the environment variable ${rest} is not set.`,
    )
  }
  if (kind === "file") {
    const file = path.resolve(cwd, rest)
    if (!existsSync(file)) {
      throw new UsageError(`${flag} is file:${rest}, which is not there.`)
    }
    return `file://${file}`
  }
  return `${kind}://${rest}`
}
