import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  type Stats,
} from "node:fs"
import path from "node:path"
import { hasCode } from "../errors.js"
import { resolveInside } from "./resolve.js"

/** What is at a path, links not followed, or nothing. */
export function lookAt(place: string): Stats | undefined {
  try {
    return lstatSync(place)
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) {
      return undefined
    }
    throw error
  }
}

/** Removes what cannot be replaced by something of this kind. */
export function clearWay(
  place: string,
  kind: "file" | "folder" | "link",
): void {
  const there = lookAt(place)
  if (there !== undefined && !(kind === "folder" && there.isDirectory())) {
    rmSync(place, { recursive: true })
  }
}

/** The real place of a path in a tree, its parents made where they lack. */
export function placeFor(root: string, inside: string): string {
  const parent = resolveInside(root, path.posix.dirname(inside))
  makeFolders(parent)
  return path.join(parent, path.posix.basename(inside))
}

/** Makes a folder and those above it, with mode 755 whatever the umask. */
export function makeFolders(place: string): void {
  const first = mkdirSync(place, { recursive: true })
  if (first !== undefined) {
    for (let at = place; at.length >= first.length; at = path.dirname(at)) {
      chmodSync(at, 0o755)
    }
  }
}

/**
 * Makes a file this tree's own before it is changed in place: it may be shared
 * with other layers, which never change.
 */
export function ownFile(place: string): void {
  const stats = lstatSync(place)
  if (stats.isFile() && stats.nlink > 1) {
    const copy = `${place}.own`
    copyFileSync(place, copy)
    chmodSync(copy, stats.mode & 0o7777)
    renameSync(copy, place)
  }
}
