import { realpathSync } from "node:fs"
import path from "node:path"
import { makeFolders } from "../filesystem/place.js"
import { isWithin } from "../values/within.js"

/**
 * The place of a container's path in a root whose links lead to where they are
 * on this machine: that of the folder above it, made where it lacks, without
 * links.
 */
export function placeInside(root: string, inside: string): string {
  const parent = path.join(root, path.posix.dirname(inside))
  makeFolders(parent)
  const [real, top] = [realpathSync(parent), realpathSync(root)]
  const folder = isWithin(real, top) ? root + real.slice(top.length) : parent
  return path.join(folder, path.posix.basename(inside))
}
