import type { Stats } from "node:fs"
import path from "node:path"
import type { Engine } from "../engine.js"
import { readFilesystem } from "../filesystem/filesystem.js"
import type { Source } from "../filesystem/look.js"
import { lookAt } from "../filesystem/place.js"
import { resolveInside } from "../filesystem/resolve.js"
import type { Plain } from "../values/values.js"

/** How a path is looked at. */
export interface LookArguments {
  doNotFollowSymlinks: boolean
  expectedType?: "REGULAR_TYPE" | "DIRECTORY_TYPE" | "SYMLINK_TYPE" | null
}

/** What is at a path, or nothing. */
export function statOf(
  engine: Engine,
  { filesystem, path: inside }: Source,
  { doNotFollowSymlinks }: Pick<LookArguments, "doNotFollowSymlinks">,
): Promise<Extract<Plain, { type: "Stat" }> | undefined> {
  return readFilesystem(engine, filesystem, (root) => {
    const stats = lookAt(resolveInside(root, inside, !doNotFollowSymlinks))
    return (
      stats && {
        type: "Stat" as const,
        name: path.posix.basename(inside),
        size: stats.size,
        permissions: stats.mode & 0o7777,
        fileType: fileType(stats),
      }
    )
  })
}

function fileType(stats: Stats): string {
  const kinds: [boolean, string][] = [
    [stats.isFile(), "REGULAR"],
    [stats.isDirectory(), "DIRECTORY"],
    [stats.isSymbolicLink(), "SYMLINK"],
  ]
  return kinds.find(([is]) => is)?.[1] ?? "UNKNOWN"
}

/** Whether something of the expected type is at a path. */
export async function existsAt(
  engine: Engine,
  source: Source,
  { expectedType, doNotFollowSymlinks }: LookArguments,
): Promise<boolean> {
  // A link can only be found by not following it.
  const asIs = doNotFollowSymlinks || expectedType === "SYMLINK_TYPE"
  const stat = await statOf(engine, source, { doNotFollowSymlinks: asIs })
  return (
    stat !== undefined &&
    (!expectedType || expectedType === `${stat.fileType}_TYPE`)
  )
}
