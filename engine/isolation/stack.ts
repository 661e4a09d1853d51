import { chmodSync, lstatSync, type Stats, symlinkSync } from "node:fs"
import { rename } from "node:fs/promises"
import path from "node:path"
import { copyEntry } from "../filesystem/changes.js"
import { copyFile, keepTimes } from "../filesystem/copy.js"
import { clearWay, makeFolders } from "../filesystem/place.js"
import { type Entry, walk } from "../filesystem/walk.js"
import { layerFolder } from "../store/layer.js"
import { isWithin } from "../values/within.js"

/**
 * Layers without a kernel to put them together: each is copied over those
 * below it. A link with this target stands for what a layer takes away, where
 * overlayfs has a device that ordinary users cannot make.
 */
const REMOVED = ".pypi-deploy/removed"

/**
 * Fills a folder with what layers show together.
 *
 * @param layers top first
 * @param link whether files may be shared with the layers: where nobody writes
 * @param leadsTo what an absolute link leads to, in place of what it says
 */
export async function stack(
  from: string,
  layers: readonly string[],
  target: string,
  link: boolean,
  leadsTo: (target: string) => string = asItSays,
): Promise<void> {
  makeFolders(target)
  const folders = new Map<string, Entry>()
  let top: Stats | undefined
  for (const layer of [...layers].reverse()) {
    const source = path.resolve(from, layerFolder(layer))
    top = lstatSync(source)
    for (const entry of await walk(source)) {
      const to = path.join(target, entry.path)
      clearWay(to, entry.kind)
      if (entry.kind === "folder") {
        makeFolders(to)
        folders.set(entry.path, entry)
      } else if (entry.target === REMOVED) {
        // What was there is gone.
      } else if (entry.kind === "link") {
        symlinkSync(linkTarget(entry, leadsTo), to)
        keepTimes(to, entry.stats)
      } else {
        copyFile(path.join(source, entry.path), to, entry, { link })
      }
    }
  }
  for (const [name, { mode, stats }] of [...folders].reverse()) {
    const to = path.join(target, name)
    if (isFolder(to)) {
      chmodSync(to, mode)
      keepTimes(to, stats)
    }
  }
  if (top !== undefined) {
    chmodSync(target, top.mode & 0o7777)
    keepTimes(target, top)
  }
}

/** Takes the right to write from everybody but root, whom nothing stops. */
export async function makeReadOnly(folder: string): Promise<void> {
  const entries = await walk(folder)
  for (const { path: name, kind, mode } of entries) {
    if (kind !== "link") {
      chmodSync(path.join(folder, name), mode & ~0o222)
    }
  }
  chmodSync(folder, lstatSync(folder).mode & 0o7555)
}

function asItSays(target: string): string {
  return target
}

function linkTarget(
  { target = "" }: Entry,
  change: (target: string) => string,
): string {
  return path.isAbsolute(target) ? change(target) : target
}

function isFolder(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true
}

/** What is in a folder, to tell later what changed. */
export type Look = Map<string, string>

/** @param except folders below it that are others' affair */
export async function look(
  folder: string,
  except: readonly string[] = [],
): Promise<Look> {
  return new Map(
    (await entriesOf(folder, except)).map((entry) => [
      entry.path,
      identity(entry),
    ]),
  )
}

function entriesOf(folder: string, except: readonly string[]) {
  return walk(folder, (name, isFolder) => {
    const keep = !except.some((one) => isWithin(name, one))
    return { keep, descend: keep && isFolder }
  })
}

function identity({ kind, mode, target, stats }: Entry): string {
  const { ino, size, mtimeMs, ctimeMs } = stats
  // A folder's own times change with what is in it.
  return kind === "folder"
    ? `folder ${mode}`
    : [kind, mode, target, ino, size, mtimeMs, ctimeMs].join(" ")
}

/**
 * Moves what changed since a look into a layer.
 *
 * @param says what an absolute link says in the layer
 */
export async function takeChanges(
  folder: string,
  before: Look,
  layer: string,
  except: readonly string[] = [],
  says: (target: string) => string = asItSays,
): Promise<void> {
  const now = await entriesOf(folder, except)
  // What is moved out of it changes its time.
  const itself = lstatSync(folder)
  const there = new Map(now.map(({ path: name, kind }) => [name, kind]))
  const changed = now.filter(
    (entry) => before.get(entry.path) !== identity(entry),
  )
  for (const name of before.keys()) {
    const parent = path.posix.dirname(name)
    const alone = parent === "." || there.get(parent) === "folder"
    if (!there.has(name) && alone) {
      makeFolders(path.dirname(path.join(layer, name)))
      symlinkSync(REMOVED, path.join(layer, name))
    }
  }
  for (const entry of changed) {
    if (entry.kind === "file") {
      const to = path.join(layer, entry.path)
      makeFolders(path.dirname(to))
      await rename(path.join(folder, entry.path), to)
    } else {
      const target = linkTarget(entry, says)
      copyEntry(folder, layer, { ...entry, target })
    }
  }
  // The folders that lead to a change are as they were.
  for (const entry of now.reverse()) {
    const to = path.join(layer, entry.path)
    if (entry.kind === "folder" && isFolder(to)) {
      chmodSync(to, entry.mode)
      keepTimes(to, entry.stats)
    }
  }
  chmodSync(layer, itself.mode & 0o7777)
  keepTimes(layer, itself)
}
