import { lstatSync, readdirSync, readlinkSync, symlinkSync } from "node:fs"
import path from "node:path"
import { hasCode } from "../errors.js"
import { makeFolders } from "../filesystem/place.js"
import { digestOf } from "../values/digest.js"
import type { RunRequest } from "./isolation.js"

const BIN = "/usr/local/bin"

/**
 * A folder that stays, with the names that the image's programs go by: an
 * environment remembers where its interpreter was, and a root is gone when its
 * command has ended.
 *
 * @param root the container's, where links such as `python` are
 */
export function programFolder(
  { layers, binds }: Pick<RunRequest, "layers" | "binds">,
  root: string,
): string {
  const links = new Map(
    binds
      .filter(({ target }) => path.posix.dirname(target) === BIN)
      .map(({ source, target }) => [path.basename(target), source]),
  )
  const folder = path.join(root, BIN)
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name)
    if (!links.has(name) && lstatSync(place).isSymbolicLink()) {
      const target = readlinkSync(place)
      if (links.has(target) || /^\/usr\/bin\//.test(target)) {
        links.set(name, target)
      }
    }
  }
  const kept = path.join(
    ...[path.dirname(layers), "programs"],
    digestOf("programs", [...links].sort()),
  )
  makeFolders(kept)
  for (const [name, target] of links) {
    try {
      symlinkSync(target, path.join(kept, name))
    } catch (error) {
      if (!hasCode(error, "EEXIST")) {
        throw error
      }
    }
  }
  return kept
}

/** A search path whose own programs are found where they stay. */
export function withPrograms(searchPath: string, programs: string): string {
  return searchPath
    .split(":")
    .flatMap((one) => (one === BIN ? [programs, one] : [one]))
    .join(":")
}
