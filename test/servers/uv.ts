import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"

import { root } from "../root.js"

/**
 * The pinned uv that `./call` installs for itself, as a path; installs it by
 * running `./call` once where that has not happened yet.
 */
export function uvPath(): string {
  const path = join(root, ".call/uv/bin/uv")
  if (!existsSync(path)) {
    const prepared = spawnSync("./call", ["--help"], {
      cwd: root,
      encoding: "utf8",
    })
    if (!existsSync(path))
      throw new Error(
        `./call did not install uv at ${path}.\n${prepared.stderr}`,
      )
  }
  return path
}
