import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs"
import path from "node:path"
import { setImmediate as breathe } from "node:timers/promises"
import { EngineError } from "../errors.js"
import type { Filter } from "./filter.js"

/** What stands for bytes in a name that are no text (U+FFFD). */
const UNREADABLE = "\ufffd"

/** Something in a folder. Sockets, pipes and devices are left out. */
export interface Entry {
  /** Relative to the folder, with slashes. */
  path: string
  kind: "file" | "folder" | "link"
  /** Permission bits. */
  mode: number
  /** Where a symbolic link points. */
  target?: string
  stats: Stats
}

/**
 * Everything in a folder that a filter keeps, parents before children and in
 * the order of names; folders that are not kept themselves come only with
 * something kept below them.
 *
 * Synchronous calls are several times faster than others on many small files;
 * between folders other work gets its turn.
 */
export async function walk(folder: string, filter?: Filter): Promise<Entry[]> {
  const found: Entry[] = []
  await walkInto(folder, "", filter, found)
  return found
}

async function walkInto(
  folder: string,
  below: string,
  filter: Filter | undefined,
  found: Entry[],
): Promise<void> {
  await breathe()
  for (const name of readdirSync(path.join(folder, below)).sort()) {
    refuseUnreadable(path.join(folder, below, name))
    const entry = readEntry(folder, below === "" ? name : `${below}/${name}`)
    if (entry === undefined) {
      continue
    }
    const isFolder = entry.kind === "folder"
    const verdict = filter?.(entry.path, isFolder) ?? {
      keep: true,
      descend: isFolder,
    }
    const before = found.push(entry)
    if (verdict.descend) {
      await walkInto(folder, entry.path, filter, found)
    }
    if (!verdict.keep && found.length === before) {
      found.pop()
    }
  }
}

function refuseUnreadable(place: string): void {
  const isThere = () => lstatSync(place, { throwIfNoEntry: false })
  if (place.includes(UNREADABLE) && !isThere()) {
    throw new EngineError(
      `${place} has a name that is not UTF-8, which this engine cannot read. Rename or remove it.`,
    )
  }
}

/** What is at a path below a folder, links not followed. */
export function readEntry(folder: string, name: string): Entry | undefined {
  const place = path.join(folder, name)
  const stats = lstatSync(place)
  const mode = stats.mode & 0o7777
  if (stats.isFile()) {
    return { path: name, kind: "file", mode, stats }
  }
  if (stats.isDirectory()) {
    return { path: name, kind: "folder", mode, stats }
  }
  return stats.isSymbolicLink()
    ? { path: name, kind: "link", mode, stats, target: readlinkSync(place) }
    : undefined
}

/** A file that is known to be there. */
export function entryOf(file: string): Entry {
  const entry = readEntry(path.dirname(file), path.basename(file))
  if (entry === undefined) {
    throw new Error(`${file} is no file`)
  }
  return entry
}
