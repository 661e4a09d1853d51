import { existsSync, statSync } from "node:fs"
import path from "node:path"
import { UsageError } from "./usage.js"

/** The caller's machine, as far as texts name things on it. */
export interface Place {
  cwd: string
  environment: NodeJS.ProcessEnv
}

/**
 * The fields of the API that make the object a text names: a folder, a file, a
 * secret's place, a service's address.
 *
 * @throws UsageError for what is not there, or is no such object
 * @example
 * objectFields("env:TOKEN", "Secret", "--token", place)
 * // ['secret(uri: "env://TOKEN")']
 */
export function objectFields(
  text: string,
  type: string,
  flag: string,
  place: Place,
  ignore?: string[],
): string[] {
  if (type === "Directory" || type === "File") {
    const file = hostPath(text, type, flag, place)
    return hostFields(type, file, ignore)
  }
  if (type === "Secret") {
    return [field("secret", { uri: secretUri(text, flag, place) })]
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
  Container: (text) => addressFields(text, "container"),
  Service: (text) => addressFields(text, "service"),
}

/** What lies at an address: an image's name, a port of this machine. */
export function addressFields(
  address: string,
  what: "container" | "service",
): string[] {
  return [field("address", { value: address }), what]
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
  { cwd }: Place,
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

/** The folder or file at a path of this machine. */
export function hostFields(
  type: string,
  file: string,
  ignore?: string[],
): string[] {
  return type === "Directory"
    ? ["host", field("directory", { path: file, exclude: ignore })]
    : ["host", field("file", { path: file })]
}

/** Who sets a variable that people rarely set themselves. */
function setBy(variable: string): string {
  return /^ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN)$/.test(variable)
    ? " GitHub sets it in jobs with `permissions: id-token: write`, and for no pull request from a fork."
    : ""
}

/** `env:NAME` and `env://NAME` are the same, and so are `file:` and `cmd:`. */
function secretUri(
  text: string,
  flag: string,
  { cwd, environment }: Place,
): string {
  const [, kind, rest = ""] = /^(env|file|cmd):(?:\/\/)?(.+)$/.exec(text) ?? []
  if (!kind) {
    throw new UsageError(
      `${flag} takes a secret's place, never the secret itself: env:NAME, file:PATH or cmd:COMMAND.`,
    )
  }
  if (kind === "env" && environment[rest] === undefined) {
    throw new UsageError(
      `${flag} is env:${rest}, but the environment variable ${rest} is not set.${setBy(rest)}`,
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
