import { createHash } from "node:crypto"
import { existsSync, readFileSync, renameSync } from "node:fs"
import { join } from "node:path"

import { root } from "../root.js"
import { run } from "./run.js"
import { uvPath } from "./uv.js"

/** The Python programs that tests need, one requirement file each. */
export type Tool = "unearth" | "pypiserver" | "devpi"

/**
 * A virtual environment with one pinned tool, as its folder. Made once from
 * `requirements/TOOL.txt` (every file with its hash, by `uv pip compile` from
 * `TOOL.in`) and kept under `.call/` until that file changes.
 */
export async function environment(tool: Tool): Promise<string> {
  const requirements = join(root, "test/servers/requirements", `${tool}.txt`)
  const digest = createHash("sha256").update(readFileSync(requirements))
  const name = `${tool}-${digest.digest("hex").slice(0, 12)}`
  const target = join(root, ".call/test", name)
  if (existsSync(target)) return target

  const fresh = `${target}.${process.pid}`
  const uv = uvPath()
  await run(uv, [
    "venv",
    "--quiet",
    "--relocatable",
    "--no-python-downloads",
    "--python=>=3.10",
    fresh,
  ])
  await run(uv, [
    "pip",
    "install",
    "--quiet",
    "--require-hashes",
    "--compile-bytecode",
    `--python=${fresh}`,
    `--requirements=${requirements}`,
  ])
  try {
    renameSync(fresh, target)
  } catch (error) {
    // Another worker made the same environment meanwhile: use that one.
    if (!existsSync(target)) throw error
  }
  return target
}
