import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { copyFile, mkdir, rename, rm } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { EngineError, hasCode } from "../errors.js"
import {
  type Installation,
  installation,
  neededPackages,
  type PackageJson,
  strayPackages,
} from "./dependencies.js"
import { type ModuleSource, readJson } from "./source.js"

/**
 * The folder with the packages that a module's `package.json` asks for, put
 * there by npm once per `package.json` and lock: the versions and the integrity
 * of the lock hold. None of the packages' scripts runs, as they would run on
 * this machine.
 *
 * @param project Folder of this project: they are kept under `.call/packages`.
 * @param notice Told when there is something to install.
 * @returns nothing where none is asked for, or the module has them beside it
 */
export async function modulePackages(
  { name, source }: ModuleSource,
  project: string,
  notice: (line: string) => void,
): Promise<string | undefined> {
  const file = path.join(source, "package.json")
  const json = existsSync(file) ? readJson<PackageJson>(file) : {}
  const packages = neededPackages(json)
  if (packages.length === 0 || existsSync(path.join(source, "node_modules"))) {
    return undefined
  }
  const stray = strayPackages(json)
  if (stray.length > 0) {
    throw new EngineError(
      `${file} asks for ${stray.join(", ")}: the embedded engine installs packages of a registry only.`,
    )
  }
  const how = installation(readdirSync(source))
  if ("unread" in how) {
    throw new EngineError(
      `${path.join(source, how.unread)} cannot be read by npm, which installs the module's packages: run npm install in ${source}, or use "dagger call".`,
    )
  }
  const folder = path.join(project, ".call/packages", key(source, how))
  if (!existsSync(folder)) {
    const unlocked = how.locks.length === 0 ? ", without a lock" : ""
    notice(
      `installing ${packages.join(", ")} for ${name} (npm ${how.words.join(" ")}${unlocked})`,
    )
    await install(source, how, folder)
  }
  return path.join(folder, "node_modules")
}

function key(source: string, { locks }: Installation): string {
  const hash = createHash("sha256")
  for (const file of ["package.json", ...locks]) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(source, file)))
  }
  return hash.digest("hex")
}

async function install(
  source: string,
  { locks, words }: Installation,
  folder: string,
): Promise<void> {
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  try {
    for (const file of ["package.json", ...locks]) {
      await copyFile(path.join(source, file), path.join(draft, file))
    }
    await npm(
      [...words, "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"],
      draft,
      source,
    )
    await rename(draft, folder).catch((error: unknown) => {
      // Another call installed the same ones in the meantime.
      if (!existsSync(folder)) {
        throw error
      }
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function npm(words: string[], cwd: string, source: string) {
  try {
    const args = [...words, "--loglevel=error"]
    await promisify(execFile)("npm", args, { cwd, maxBuffer: 2 ** 24 })
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      throw new EngineError(
        "npm is not on the PATH: it installs the module's packages.",
      )
    }
    const { stderr = "" } = error as { stderr?: string }
    const said = stderr
      .split("\n")
      .filter((line) => /^npm error(?! (A complete log|\s*$))/.test(line))
      .map((line) => line.replace(/^npm error (code )?/, ""))
    throw new EngineError(
      `The packages of the module in ${source} cannot be installed: ${said.join("\n")}`,
    )
  }
}
