import { chmodSync, symlinkSync } from "node:fs"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import path from "node:path"
import type { Engine } from "../engine.js"
import { EngineError, hasCode } from "../errors.js"
import { keepTimes, tryLink } from "../filesystem/copy.js"
import { type Filesystem, treeOf } from "../filesystem/filesystem.js"
import {
  filterFor,
  isEverything,
  type Selection,
} from "../filesystem/filter.js"
import { lookAt, makeFolders } from "../filesystem/place.js"
import { type Entry, walk } from "../filesystem/walk.js"
import { findRecord, keepRecord } from "../store/records.js"
import { forceRemove } from "../store/remove.js"
import { keepLayer, layerPath, type Store, workFolder } from "../store/store.js"
import { digestOf } from "../values/digest.js"
import { contentDigest } from "./content.js"
import { copyAndHash } from "./copy-and-hash.js"
import { readSettled } from "./settled.js"

/** What a host folder looked like when it was last copied. */
interface Index {
  /** When the look began; what changed after that may not have been seen. */
  started: number
  digest: string
  /** By path: the file's identity, and the sha256 of what was in it. */
  files: Record<string, [identity: string, sha256: string]>
}

/**
 * A copy of a host folder as it is now, addressed by its content. Only what
 * changed since the last copy is read; the rest is shared with it.
 */
export function snapshotFolder(
  engine: Engine,
  folder: string,
  selection: Selection,
): Promise<Filesystem> {
  return readSettled(folder, () => takeSnapshot(engine, folder, selection))
}

async function takeSnapshot(
  engine: Engine,
  folder: string,
  selection: Selection,
): Promise<Filesystem> {
  if (!lookAt(`${folder}/.`)?.isDirectory()) {
    throw new EngineError(`There is no folder ${folder} on this machine.`)
  }
  const { store } = engine
  const started = Date.now()
  const filter = isEverything(selection)
    ? undefined
    : filterFor(selection, folder)
  const entries = await walk(folder, filter)
  const place = path.join(
    store.root,
    "snapshots",
    digestOf("snapshot", folder, { ...selection } as Record<string, never>),
  )
  const last = await readIndex(place)
  const lastLayer = last && (await findRecord(store, last.digest))?.layers[0]
  const known = lastLayer ? last : undefined
  if (known && lastLayer && isSame(entries, known)) {
    return treeOf(known.digest, lastLayer)
  }
  const draft = await workFolder(store)
  const files = await copyEntries(
    folder,
    entries,
    path.join(draft, "fs"),
    known && { ...known, folder: layerPath(store, lastLayer ?? "") },
  )
  const digest = contentDigest(entries, (name) => files[name]?.[1] ?? "")
  const layer = await keepTree(store, draft, digest)
  await writeIndex(store, place, { started, digest, files })
  return treeOf(digest, layer)
}

/** A copy of one host file as it is now. */
export async function snapshotFile(
  engine: Engine,
  file: string,
): Promise<{ filesystem: Filesystem; path: string }> {
  if (!lookAt(file)) {
    throw new EngineError(`There is no file ${file} on this machine.`)
  }
  const name = path.basename(file)
  const filesystem = await snapshotFolder(engine, path.dirname(file), {
    include: [escapePattern(name)],
  })
  return { filesystem, path: `/${name}` }
}

function escapePattern(name: string): string {
  return name.replace(/[\\*?[\]!]/g, "\\$&")
}

async function keepTree(
  store: Store,
  draft: string,
  digest: string,
): Promise<string> {
  const same = (await findRecord(store, digest))?.layers[0]
  if (same) {
    await forceRemove(draft)
    return same
  }
  const layer = await keepLayer(store, draft)
  await keepRecord(store, digest, { layers: [layer] })
  return layer
}

async function copyEntries(
  folder: string,
  entries: readonly Entry[],
  target: string,
  last: (Index & { folder: string }) | undefined,
): Promise<Index["files"]> {
  await mkdir(target)
  chmodSync(target, 0o755)
  const files: Index["files"] = {}
  for (const entry of entries) {
    const to = path.join(target, entry.path)
    if (entry.kind === "folder") {
      makeFolders(to)
    } else if (entry.kind === "link") {
      symlinkSync(entry.target ?? "", to)
      keepTimes(to, entry.stats)
    } else {
      const same = last && unchanged(entry, last)
      const shared =
        same !== undefined &&
        tryLink(path.join(last?.folder ?? "", entry.path), to)
      files[entry.path] = [
        identity(entry),
        shared && same
          ? same
          : copyAndHash(path.join(folder, entry.path), to, entry),
      ]
    }
  }
  for (const entry of [...entries].reverse()) {
    if (entry.kind === "folder") {
      const to = path.join(target, entry.path)
      chmodSync(to, entry.mode)
      keepTimes(to, entry.stats)
    }
  }
  return files
}

function isSame(entries: readonly Entry[], last: Index): boolean {
  const files = entries.filter(({ kind }) => kind === "file")
  return (
    files.length === Object.keys(last.files).length &&
    files.every((entry) => unchanged(entry, last) !== undefined) &&
    contentDigest(entries, (name) => last.files[name]?.[1] ?? "") ===
      last.digest
  )
}

// File systems keep times in steps of up to 10 ms, some of 2 s.
const DOUBTFUL = 2_000

/**
 * The sha256 that a file had, if it cannot have changed since: a file that was
 * written just before the last look may have been written again unseen.
 */
function unchanged(entry: Entry, last: Index): string | undefined {
  const [was, sha256] = last.files[entry.path] ?? []
  const settled = entry.stats.ctimeMs < last.started - DOUBTFUL
  return settled && was === identity(entry) ? sha256 : undefined
}

function identity({ mode, stats }: Entry): string {
  const { dev, ino, size, mtimeMs, ctimeMs } = stats
  return [dev, ino, size, mtimeMs, ctimeMs, mode].join(" ")
}

async function readIndex(place: string): Promise<Index | undefined> {
  try {
    return JSON.parse(await readFile(place, "utf8")) as Index
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined
    }
    throw error
  }
}

async function writeIndex(
  store: Store,
  place: string,
  index: Index,
): Promise<void> {
  const draft = path.join(await workFolder(store), "index")
  await writeFile(draft, JSON.stringify(index))
  await rename(draft, place)
}
