import { execFileSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"

import { type PackageName, packages } from "../fixtures/packages.js"
import { sdist } from "../fixtures/sdist.js"
import { root } from "../root.js"
import { environment } from "../servers/environment.js"
import { uvPath } from "../servers/uv.js"
import { ownTemporaryFolder } from "../temporary.js"

declare module "vitest" {
  export interface ProvidedContext {
    /** The cache folder ($XDG_CACHE_HOME) that the run's calls share. */
    cache: string
  }
}

/**
 * Once for the whole run: what the tests download is there before the first
 * of them, and all calls share one new store. What the run leaves in temporary
 * folders, stores of hundreds of MB among it, is removed at its end.
 */
export default async function setup(project: TestProject) {
  const removeTemporaryFolder = ownTemporaryFolder()
  uvPath()
  execFileSync(join(root, "engine/library/pack.sh"))
  for (const name of Object.keys(packages)) await sdist(name as PackageName)
  await environment("pypiserver")
  await environment("devpi")
  project.provide("cache", mkdtempSync(join(tmpdir(), "cache-")))
  return removeTemporaryFolder
}
