import { lstatSync, readdirSync } from "node:fs"
import path from "node:path"
import { hasCode } from "../errors.js"

/**
 * How many bytes of the disk each folder takes. A file that several of them
 * share counts for the first.
 *
 * @param folders relative to `root`
 * @returns the size of one of these folders
 */
export function measureFolders(
  folders: readonly string[],
  root: string,
): (folder: string) => number {
  const seen = new Set<string>()
  const sizes = new Map(
    folders.map((folder) => [folder, measure(path.join(root, folder), seen)]),
  )
  return (folder) => sizes.get(folder) ?? 0
}

function measure(place: string, seen: Set<string>): number {
  try {
    const stats = lstatSync(place)
    const identity = `${stats.dev}:${stats.ino}`
    if (stats.nlink > 1 && !stats.isDirectory() && seen.has(identity)) {
      return 0
    }
    seen.add(identity)
    const below = stats.isDirectory()
      ? readdirSync(place).map((name) => measure(path.join(place, name), seen))
      : []
    return below.reduce((sum, size) => sum + size, stats.blocks * 512)
  } catch (error) {
    // It may go at this moment, or be closed to everybody but its writer.
    if (hasCode(error, "ENOENT", "EACCES")) {
      return 0
    }
    throw error
  }
}
