import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { pinRequirements, readLock } from "../../dagger/src/lock.js"
import { buildSystem } from "../../dagger/src/project.js"
import { parseToml } from "../../dagger/src/toml.js"
import type { Repository } from "../fixtures/repository.js"
import { root } from "../root.js"
import { run } from "../servers/run.js"
import { uvPath } from "../servers/uv.js"
import { unpack } from "../unpack.js"
import type { Succeed } from "./prove.js"

/** The versions of a project's build requirements that the module builds with. */
function pinned(source: string): string {
  const read = (path: string) => readFileSync(path, "utf8")
  const file = "pyproject.toml"
  const written = existsSync(join(source, file))
  const pyproject = parseToml(written ? read(join(source, file)) : "", file)
  const lock = readLock(read(join(root, "dagger/tools/uv.lock")))
  return pinRequirements(lock, buildSystem(pyproject).requires).pinned.join(
    "\n",
  )
}

/**
 * The wheel that a project's own backend makes, without this module, and of
 * the version that the module has: newer ones write other metadata.
 */
export async function originalWheel(source: string): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "original-"))
  const pins = join(mkdtempSync(join(tmpdir(), "pins-")), "pins.txt")
  writeFileSync(pins, pinned(source))
  const flags = ["--quiet", "--wheel", `--out-dir=${out}`, "--python=3.11"]
  const constraints = `--build-constraints=${pins}`
  await run(uvPath(), ["build", ...flags, constraints, source])
  return join(out, wheelIn(out))
}

/** Text of a wheel's files, those of its .dist-info under one name. */
async function contents(wheel: string): Promise<Map<string, string>> {
  const files = await unpack(wheel)
  return new Map(
    [...files].map(([path, text]) => [
      path.replace(/^[^/]+\.dist-info\//, ".dist-info/"),
      text,
    ]),
  )
}

/** Files that every backend writes in its own words. */
const GENERATED = ["METADATA", "WHEEL", "RECORD", "entry_points.txt"].map(
  (name) => `.dist-info/${name}`,
)

/**
 * Names of files that two wheels do not have in common, by content. A second
 * judge beside the module's own: it knows of no difference that is meant.
 */
export async function differingFiles(
  one: string,
  other: string,
): Promise<string[]> {
  const [before, after] = [await contents(one), await contents(other)]
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names]
    .filter((name) => !GENERATED.includes(name))
    .filter((name) => before.get(name) !== after.get(name))
    .sort()
}

/** Fields of two wheels' METADATA with values that only one of them has. */
export async function differingFields(
  one: string,
  other: string,
): Promise<string[]> {
  const [before, after] = await Promise.all([fields(one), fields(other)])
  const only = (here: string[], there: string[]) =>
    here.filter((line) => !there.includes(line))
  const lines = [...only(before, after), ...only(after, before)]
  return [...new Set(lines.map((line) => line.split(":")[0] ?? ""))].sort()
}

/** The lines of METADATA's head, spelled in one way. */
async function fields(wheel: string): Promise<string[]> {
  const text = (await contents(wheel)).get(".dist-info/METADATA") ?? ""
  const head = text.split("\n\n")[0] ?? ""
  return head.split(/\n(?! )/).map((line) => {
    const [, name = "", value = ""] = /^([\w-]+): ?([\s\S]*)$/.exec(line) ?? []
    return `${name.toLowerCase()}:${value.replace(/[\s"'()]/g, "")}`
  })
}

/** Commits what a migration changed, and moves the release tag there. */
export function commitAt(repository: Repository, tag: string): void {
  repository.commit("Take the version from git")
  repository.git("tag", "--delete", tag)
  repository.tag(tag)
}

/** The wheel of a migrated project at its tag, by `build`. */
export async function migratedWheel(
  source: string,
  succeed: Succeed,
): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "migrated-"))
  await succeed(["build", `--source=${source}`, "export", `--path=${out}`])
  return join(out, wheelIn(out))
}

function wheelIn(folder: string): string {
  return readdirSync(folder).find((name) => name.endsWith(".whl")) ?? ""
}
