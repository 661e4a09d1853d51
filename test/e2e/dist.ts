import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { type CallOptions, succeed } from "./call.js"

export { unpack } from "../unpack.js"

/** A built distribution, exported into a folder. */
export interface Dist {
  folder: string
  /** Paths of its one sdist and its one wheel. */
  sdist: string
  wheel: string
}

/** `build --source=SOURCE … export --path=…` into a new folder. */
export async function build(
  source: string,
  flags: string[] = [],
  options: CallOptions = {},
): Promise<Dist> {
  const folder = join(mkdtempSync(join(tmpdir(), "dist-")), "dist")
  const target = ["export", `--path=${folder}`]
  await succeed(["build", `--source=${source}`, ...flags, ...target], options)
  return readDist(folder)
}

/** The sdist and the wheel of a folder that has one of each. */
export function readDist(folder: string): Dist {
  const only = (suffix: string) => {
    const [name, ...more] = readdirSync(folder).filter((file) =>
      file.endsWith(suffix),
    )
    if (name === undefined || more.length > 0)
      throw new Error(`${folder} has not exactly one *${suffix}.`)
    return join(folder, name)
  }
  return { folder, sdist: only(".tar.gz"), wheel: only(".whl") }
}

/** The sha256 of a file's bytes, in hex. */
export function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex")
}
