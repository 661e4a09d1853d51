import { readFileSync, rmSync, symlinkSync } from "node:fs"
import path from "node:path"
import { copyFile, keepTimes } from "./copy.js"
import { clearWay, makeFolders } from "./place.js"
import { type Entry, walk } from "./walk.js"

/** What is different between two folders. Folders end in a slash. */
export interface Changes {
  added: string[]
  /** Files and links that both have. */
  modified: string[]
  /** A removed folder stands for everything below it. */
  removed: string[]
}

/** Compares two folders: kinds, permission bits, contents; no times. */
export async function compareFolders(
  before: string,
  after: string,
): Promise<Changes> {
  const [old, now] = await Promise.all([byPath(before), byPath(after)])
  const added: string[] = []
  const modified: string[] = []
  for (const [name, entry] of now) {
    const was = old.get(name)
    if (was === undefined || was.kind !== entry.kind) {
      added.push(shown(entry))
    } else if (entry.kind !== "folder" && differ(before, after, was, entry)) {
      modified.push(name)
    }
  }
  const gone = [...old.values()].filter(
    (entry) => now.get(entry.path)?.kind !== entry.kind,
  )
  const removed = gone
    .filter((entry) => !gone.some((other) => holds(other, entry)))
    .map(shown)
  return { added, modified, removed }
}

async function byPath(folder: string): Promise<Map<string, Entry>> {
  const entries = await walk(folder)
  return new Map(entries.map((entry) => [entry.path, entry]))
}

function shown({ kind, path: name }: Entry): string {
  return kind === "folder" ? `${name}/` : name
}

function holds(folder: Entry, entry: Entry): boolean {
  return (
    folder.kind === "folder" &&
    folder !== entry &&
    entry.path.startsWith(`${folder.path}/`)
  )
}

function differ(before: string, after: string, was: Entry, is: Entry): boolean {
  if (is.kind === "link") {
    return was.target !== is.target
  }
  if (was.mode !== is.mode || was.stats.size !== is.stats.size) {
    return true
  }
  // Files that layers share are the same file.
  if (was.stats.ino === is.stats.ino && was.stats.dev === is.stats.dev) {
    return false
  }
  const [old, now] = [before, after].map((folder) =>
    readFileSync(path.join(folder, is.path)),
  )
  return !old?.equals(now ?? Buffer.alloc(0))
}

/** Copies what one folder has more or other than another into a third. */
export async function copyChanged(
  before: string,
  after: string,
  target: string,
): Promise<void> {
  const { added, modified } = await compareFolders(before, after)
  const wanted = new Set([...added, ...modified])
  for (const entry of await walk(after)) {
    if (wanted.has(shown(entry))) {
      copyEntry(after, target, entry)
    }
  }
}

/** Changes a folder as the one before was changed into the one after. */
export async function applyChanges(
  before: string,
  after: string,
  target: string,
): Promise<void> {
  const { removed } = await compareFolders(before, after)
  for (const name of removed) {
    rmSync(path.join(target, name), { recursive: true, force: true })
  }
  await copyChanged(before, after, target)
}

/** Copies one entry with the folders above it. */
export function copyEntry(from: string, target: string, entry: Entry): void {
  const to = path.join(target, entry.path)
  makeFolders(path.dirname(to))
  clearWay(to, entry.kind)
  if (entry.kind === "folder") {
    makeFolders(to)
  } else if (entry.kind === "link") {
    symlinkSync(entry.target ?? "", to)
    keepTimes(to, entry.stats)
  } else {
    copyFile(path.join(from, entry.path), to, entry, {})
  }
}
