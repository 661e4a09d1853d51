import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

/**
 * The path of a file of `engine/` that is not TypeScript. This runs from its
 * source or from a bundle in another folder of the project.
 *
 * @example asset("isolation/enter.sh")
 */
export function asset(name: string): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(folder, "engine", name))) {
    const parent = path.dirname(folder)
    if (parent === folder) {
      throw new Error(`engine/${name} is missing from this installation`)
    }
    folder = parent
  }
  return path.join(folder, "engine", name)
}

/** The text of such a file. */
export function assetText(name: string): string {
  return readFileSync(asset(name), "utf8")
}
