import { copyFileSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { downloaded } from "../fixtures/download.js"
import { releases } from "./releases.js"

/** The machine that platform wheels are taken for, whatever this one is. */
const PLATFORMS = ["2_34", "2_28", "2_17"].map(
  (version) => `manylinux_${version}_x86_64`,
)

/** The pinned files of a project, in a folder of their own. */
export async function downloadedRelease(project: string): Promise<string> {
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
    const asked = [...flags, wanted]
    const path = await downloaded({ ...pin, asked, pins: "releases.ts" })
    copyFileSync(path, join(folder, pin.file))
  }
  return folder
}
