import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs"
import path from "node:path"
import { EngineError } from "../errors.js"

/** A Dagger module in TypeScript as it lies in a folder. */
export interface ModuleSource {
  name: string
  /** Folder of `dagger.json`. */
  root: string
  /** Folder of the repository that it lies in; its own where there is none. */
  repository: string
  /** Folder of the module's code: `source` in `dagger.json`. */
  source: string
  /** Digest of everything that decides the types and the bundle. */
  digest: string
}

/** There is no module where one was said to be. */
export class NoModuleError extends EngineError {}

/**
 * The module in a folder, or above it as `dagger call` looks for one.
 *
 * @throws NoModuleError when there is none, EngineError when it is not one in
 *   TypeScript that stands alone.
 */
export function findModule(folder: string): ModuleSource {
  const root = findUp(path.resolve(folder), "dagger.json")
  if (root === undefined) {
    throw new NoModuleError(
      `No dagger.json in ${folder} or above it: pass the module's folder with -m.`,
    )
  }
  const file = path.join(root, "dagger.json")
  const config = readJson<DaggerJson>(file)
  const sdk = typeof config.sdk === "string" ? config.sdk : config.sdk?.source
  if (sdk !== "typescript" || !config.name) {
    throw new EngineError(
      `${file} is a module for the SDK "${sdk ?? "none"}": the embedded engine runs TypeScript modules. "dagger call" runs the others.`,
    )
  }
  const needed = config.dependencies?.map(({ name }) => name) ?? []
  if (needed.length > 0) {
    throw new EngineError(
      `${file} depends on ${needed.join(", ")}: the embedded engine runs modules that stand alone. "dagger call" runs the others.`,
    )
  }
  const source = path.join(root, config.source ?? ".")
  const repository = findUp(root, ".git") ?? root
  if (!isWithin(repository, source)) {
    throw new EngineError(
      `${file} has its source at ${config.source}, which lies outside its repository.`,
    )
  }
  const { name } = config
  return { name, root, repository, source, digest: digest(source, config) }
}

/** The sources that a module's types and bundle are made from. */
export function sourceFiles(source: string): string[] {
  const folder = path.join(source, "src")
  if (!existsSync(folder)) {
    throw new EngineError(`The module in ${source} has no folder src.`)
  }
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?ts$/.test(name))
    .map((name) => path.join(folder, name))
    .sort()
}

interface DaggerJson {
  name?: string
  sdk?: string | { source: string }
  source?: string
  dependencies?: { name: string }[]
}

function digest(source: string, config: DaggerJson): string {
  const hash = createHash("sha256").update(JSON.stringify(config))
  const files = sourceFiles(source)
  const deciding = ["package.json", "package-lock.json", "yarn.lock"]
  for (const name of [...deciding, "tsconfig.json"]) {
    const file = path.join(source, name)
    if (existsSync(file)) {
      files.push(file)
    }
  }
  for (const file of files) {
    hash.update(`\0${path.relative(source, file)}\0`).update(readFileSync(file))
  }
  return hash.digest("hex")
}

/** Whether a place lies in a folder, wherever links lead. */
export function isWithin(folder: string, place: string): boolean {
  const real = (one: string) =>
    existsSync(one) ? realpathSync(one) : path.resolve(one)
  return `${real(place)}/`.startsWith(`${real(folder)}/`)
}

function findUp(start: string, name: string): string | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, name))) {
      return folder
    }
    if (folder === path.dirname(folder)) {
      return undefined
    }
  }
}

/** @throws EngineError that names the file, where it is not JSON */
export function readJson<Shape>(file: string): Shape {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Shape
  } catch (error) {
    throw new EngineError(
      `${file} is not JSON: ${error instanceof Error ? error.message : error}.`,
    )
  }
}
