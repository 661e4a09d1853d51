import { execFile } from "node:child_process"
import { existsSync, readdirSync, realpathSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { EngineError } from "../errors.js"
import type { Store } from "../store/store.js"
import { remember } from "./memory.js"

/** An image as far as its Python goes. */
export interface PythonImage {
  reference: string
  /** E.g. `3.11`. */
  python: string
}

/** A Python of this machine. */
export interface Interpreter {
  /** E.g. `3.11.7`. */
  version: string
  executable: string
  /** Where it is installed, e.g. `/usr` or `~/.pyenv/versions/3.11.7`. */
  prefix: string
  /** Where packages for everybody go. */
  packages: string
}

/** The name that says which one it is: `python3.11`. */
export function minorName({ version }: Interpreter): string {
  return `python${version.split(".").slice(0, 2).join(".")}`
}

/** Where a container has its packages: they are not the host's. */
export function ownPackages({ prefix, packages }: Interpreter): string {
  return path.join("/usr/local", path.relative(prefix, packages))
}

const run = promisify(execFile)

const FACTS = `
import json, os, platform, sys, sysconfig
print(json.dumps({
    "version": platform.python_version(),
    "executable": os.path.realpath(sys.executable),
    "prefix": os.path.realpath(sys.base_prefix),
    "packages": os.path.realpath(sysconfig.get_path("purelib")),
}))`

/**
 * The interpreter of this machine that stands for an image's.
 *
 * @throws EngineError where there is none of that version: another is never
 *   taken in its place
 */
export async function findInterpreter(
  image: PythonImage,
  environment: NodeJS.ProcessEnv,
  store: Store,
): Promise<Interpreter> {
  for (const candidate of candidates(image.python, environment)) {
    const found = await remember(store, candidate, ask)
    if (found?.version.startsWith(`${image.python}.`)) {
      return found
    }
  }
  throw new EngineError(missing(image, await versionsHere(environment)))
}

/** The sentence for an image whose Python is not on this machine. */
export function missing(image: PythonImage, here: readonly string[]): string {
  const has =
    here.length === 0 ? "It has no Python 3." : `It has ${here.join(", ")}.`
  const other = here.at(-1)
  const way = other === undefined ? "" : `Pass --python=${other}, or `
  return `Base image ${image.reference} needs Python ${image.python}, which is not on this machine. ${has} ${way}${way ? "use" : "Use"} "dagger call", which pulls the image.`
}

/** Files that may be an interpreter of this version, the likeliest first. */
function candidates(python: string, environment: NodeJS.ProcessEnv): string[] {
  const { managed, onPath, usual } = placesOf(environment)
  const ofVersion = managed.filter((folder) =>
    path.basename(path.dirname(folder)).startsWith(`${python}.`),
  )
  const named = [...ofVersion, ...onPath, ...usual].map((folder) =>
    path.join(folder, `python${python}`),
  )
  const unnamed = onPath.map((folder) => path.join(folder, "python3"))
  return [...new Set([...named, ...unnamed])].filter((file) => existsSync(file))
}

/** The folders that interpreters are in. */
interface Places {
  managed: string[]
  onPath: string[]
  usual: string[]
}

/**
 * The shims of a version manager are none: each takes long, may only say that
 * it cannot run, and starts what outlives a killed call.
 */
function placesOf(environment: NodeJS.ProcessEnv): Places {
  const { PATH = "", HOME = "/" } = environment
  const { PYENV_ROOT = path.join(HOME, ".pyenv") } = environment
  const versions = path.join(PYENV_ROOT, "versions")
  return {
    managed: existsSync(versions)
      ? readdirSync(versions).map((name) => path.join(versions, name, "bin"))
      : [],
    onPath: PATH.split(":").filter(
      (folder) => folder !== "" && path.basename(folder) !== "shims",
    ),
    usual: ["/usr/local/bin", "/usr/bin"],
  }
}

/** What a file says of itself, if it is a Python 3 that works. */
async function ask(file: string): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await run(file, ["-I", "-c", FACTS], { timeout: 20_000 })
    return JSON.parse(stdout) as Interpreter
  } catch {
    return undefined
  }
}

/** The versions `3.X` that this machine has, lowest first. */
async function versionsHere(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const { managed, onPath, usual } = placesOf(environment)
  const folders = [...managed, ...onPath, ...usual]
  const files = folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^python3(\.\d+)?$/.test(name))
      .map((name) => path.join(folder, name)),
  )
  const real = [...new Set(files.map((file) => realpathSync(file)))]
  const asked = await Promise.all(real.map(ask))
  const minors = asked.flatMap(
    (one) => one?.version.match(/^3\.(\d+)/)?.[1] ?? [],
  )
  return [...new Set(minors)]
    .sort((a, b) => Number(a) - Number(b))
    .map((minor) => `3.${minor}`)
}
