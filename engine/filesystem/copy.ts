import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lutimesSync,
  type Stats,
  symlinkSync,
} from "node:fs"
import path from "node:path"
import { hasCode } from "../errors.js"
import { filterFor, isEverything, type Selection } from "./filter.js"
import { clearWay, makeFolders } from "./place.js"
import { type Entry, walk } from "./walk.js"

/** How a tree is copied. */
export interface CopyOptions {
  selection?: Selection
  /** Permission bits for every file and folder in place of their own. */
  permissions?: number
  /** Shares files where they are on one file system and keep their mode. */
  link?: boolean
}

/**
 * Copies what is in a folder into another, over what is there: files replace
 * files, folders are merged. Times and modes come along.
 */
export async function copyTree(
  source: string,
  target: string,
  options: CopyOptions = {},
): Promise<void> {
  const { selection = {}, permissions } = options
  const filter = isEverything(selection)
    ? undefined
    : filterFor(selection, source)
  const entries = await walk(source, filter)
  const folders: [string, Entry][] = []
  for (const entry of entries) {
    const to = path.join(target, entry.path)
    clearWay(to, entry.kind)
    if (entry.kind === "folder") {
      makeFolders(to)
      folders.push([to, entry])
    } else if (entry.kind === "link") {
      symlinkSync(entry.target ?? "", to)
      keepTimes(to, entry.stats)
    } else {
      copyFile(path.join(source, entry.path), to, entry, options)
    }
  }
  // What is written into a folder changes its time, so folders come last.
  for (const [to, entry] of folders.reverse()) {
    chmodSync(to, permissions ?? entry.mode)
    keepTimes(to, entry.stats)
  }
}

/** Copies one file, mode and times included, to a path where nothing is. */
export function copyFile(
  from: string,
  to: string,
  entry: Entry,
  { permissions, link }: CopyOptions,
): void {
  const mode = permissions ?? entry.mode
  if (link && mode === entry.mode && tryLink(from, to)) {
    return
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  chmodSync(to, mode)
  keepTimes(to, entry.stats)
}

/** A file shared with another layer, unless the file system will not. */
export function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (hasCode(error, "EXDEV", "EMLINK", "EPERM")) {
      return false
    }
    throw error
  }
}

export function keepTimes(to: string, stats: Stats): void {
  lutimesSync(to, stats.atimeMs / 1000, stats.mtimeMs / 1000)
}
