import { lstatSync, readlinkSync } from "node:fs"
import path from "node:path"
import { EngineError, hasCode } from "../errors.js"

const MOST_LINKS = 255

/**
 * The real place of a path of a container or directory: symbolic links are
 * followed inside it, never out of it.
 *
 * @param root the folder that `/` is
 * @param followLast whether a link at the very end is followed too
 * @returns an absolute path below `root`, of something that may not exist
 * @throws EngineError for links that go round in circles
 */
export function resolveInside(
  root: string,
  inside: string,
  followLast = true,
): string {
  let links = 0
  let done: string[] = []
  const left = inside.split("/").filter((name) => name !== "" && name !== ".")
  while (left.length > 0) {
    const name = left.shift() ?? ""
    if (name === "..") {
      done.pop()
      continue
    }
    const target =
      left.length > 0 || followLast
        ? linkTarget(path.join(root, ...done, name))
        : undefined
    if (target === undefined) {
      done.push(name)
      continue
    }
    links++
    if (links > MOST_LINKS) {
      throw new EngineError(`${inside} goes round in symbolic links.`)
    }
    if (target.startsWith("/")) {
      done = []
    }
    left.unshift(...target.split("/").filter((part) => !/^\.?$/.test(part)))
  }
  return path.join(root, ...done)
}

function linkTarget(place: string): string | undefined {
  try {
    return lstatSync(place).isSymbolicLink() ? readlinkSync(place) : undefined
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) {
      return undefined
    }
    throw error
  }
}
