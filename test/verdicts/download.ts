import { createHash } from "node:crypto"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { fixtureCache, indexUrl } from "../fixtures/sdist.js"
import { environment } from "../servers/environment.js"
import { run } from "../servers/run.js"
import { type Pin, releases } from "./releases.js"

/** The machine that platform wheels are taken for, whatever this one is. */
const PLATFORMS = ["2_34", "2_28", "2_17"].map(
  (version) => `manylinux_${version}_x86_64`,
)

/** The pinned files of a project, in a folder of their own. */
export async function downloaded(project: string): Promise<string> {
  const release = releases[project]
  if (release === undefined) throw new Error(`There is no ${project} here.`)
  const version = release.sdist.file
    .replace(/\.tar\.gz$/, "")
    .split("-")
    .at(-1)
  const wanted = `${project}==${version}`
  const wheel = ["--only-binary", "--python-version=3.11"]
  wheel.push(`--platforms=${PLATFORMS.join(",")}`)
  const folder = mkdtempSync(join(tmpdir(), "release-"))
  for (const [pin, flags] of [
    [release.sdist, ["--no-binary"]],
    [release.wheel, wheel],
  ] as const) {
    const path = await cached(pin, [...flags, wanted])
    copyFileSync(path, join(folder, pin.file))
  }
  return folder
}

/** One file, checked against its sha256 each time. */
async function cached(pin: Pin, flags: string[]): Promise<string> {
  const cache = fixtureCache()
  const path = join(cache, pin.file)
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true })
    const download = mkdtempSync(join(cache, "download-"))
    const unearth = join(await environment("unearth"), "bin/unearth")
    const where = [`--index-url=${indexUrl()}`, `--download=${download}`]
    const output = await run(unearth, [...where, ...flags])
    const { local_path } = JSON.parse(output) as { local_path: string }
    renameSync(local_path, path)
    rmSync(download, { recursive: true })
  }
  const found = createHash("sha256").update(readFileSync(path)).digest("hex")
  if (found !== pin.sha256)
    throw new Error(
      `${path} has the sha256 ${found}, releases.ts says ${pin.sha256}. Delete it to download it again.`,
    )
  return path
}
