import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"

import { project } from "../test/fixtures/project.js"
import type { Repository } from "../test/fixtures/repository.js"
import { root } from "../test/root.js"

/** Where `npm start` keeps everything that it makes. */
export const folder = join(root, ".call/example")

/**
 * The example, made anew: pluggy, as its repository was at the release 1.6.0,
 * and three commits after it.
 */
export async function makeExample(): Promise<Repository> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return project("pluggy", { commits: 3, parent: folder })
}
