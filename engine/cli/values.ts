import path from "node:path"
import type {
  EnumDefinition,
  ParameterDefinition,
  TypeReference,
} from "../module/definitions.js"
import { isWithin } from "../module/source.js"
import type { Link } from "./arguments.js"
import { kebab, screamingSnake } from "./names.js"
import {
  addressFields,
  hostFields,
  objectFields,
  type Place,
} from "./objects.js"
import { UsageError } from "./usage.js"

/** Where texts are turned into values: the machine as the caller sees it. */
export interface Surroundings extends Place {
  /** What a `defaultPath` is relative to: from `/` on, the repository. */
  module: { root: string; repository: string }
  enums: Record<string, EnumDefinition>
}

/** An object that the API has to make: fields called one on the other. */
export interface ObjectQuery {
  fields: string[]
}

/** An input of the API, field by field. */
export type Input = Record<string, number>

/** A flag's value: plain data, or an object still to be asked for. */
export type Value = string | number | boolean | Input | ObjectQuery | Value[]

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
  { module }: Surroundings,
): Value | undefined {
  const { defaultPath, defaultAddress, type, ignore } = parameter
  if (defaultAddress !== undefined) {
    return { fields: addressFields(defaultAddress, "container") }
  }
  if (defaultPath === undefined || type.kind !== "object") {
    return undefined
  }
  const from = defaultPath.startsWith("/") ? module.repository : module.root
  const folder = path.join(from, defaultPath)
  if (!isWithin(module.repository, folder)) {
    throw new UsageError(
      `--${kebab(parameter.name)} is ${defaultPath} if it is left out, which lies outside the module's repository: pass it.`,
    )
  }
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
      .flatMap(items)
      .map((text) => one(text, type.of, flag, around, ignore))
  }
  return one(texts.slice(-1).join(), type, flag, around, ignore)
}

/** The items of a list: what has a comma is quoted, as in CSV. */
function items(text: string): string[] {
  const found = text.matchAll(/"((?:[^"]|"")*)"(?=,|$)|[^,]+/g)
  return [...found].map(([plain, quoted]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  )
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
    case "input":
      return input(text, type.name, flag)
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
  const value = Number(text)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new UsageError(`${flag} is ${text}, which is too large to be exact.`)
  }
  return value
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
    (candidate) => screamingSnake(candidate.name) === text.toUpperCase(),
  )
  if (!found) {
    const names = members.map((candidate) => screamingSnake(candidate.name))
    throw new UsageError(
      `${flag} is "${text}", but takes one of ${names.join(", ")}.`,
    )
  }
  return found.value
}

/** The one input that a text can be: FRONTEND:BACKEND, as `dagger call` has it. */
function input(text: string, name: string, flag: string): Input {
  const [, frontend, backend] = /^(\d+):(\d+)$/.exec(text) ?? []
  if (name !== "PortForward" || backend === undefined) {
    throw new UsageError(
      `${flag} is "${text}", but takes ports as FRONTEND:BACKEND, e.g. 8080:80.`,
    )
  }
  return { frontend: Number(frontend), backend: Number(backend) }
}
