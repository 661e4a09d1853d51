import { existsSync } from "node:fs"
import { readdir, readFile, rename, stat } from "node:fs/promises"
import path from "node:path"
import { hasCode } from "../errors.js"
import { type Choice, type Contents, choose } from "./prune-choice.js"
import { holdPruneLock } from "./prune-lock.js"
import type { Record } from "./records.js"
import { forceRemove } from "./remove.js"
import { measureFolders } from "./size.js"
import {
  closeStore,
  defaultStore,
  openStore,
  STORE_SUFFIXES,
  type Store,
  workFolder,
} from "./store.js"
import { foldersInUse } from "./temporary.js"

export interface PruneOptions {
  /** Where the store is; `$XDG_CACHE_HOME/pypi-deploy` if not given. */
  store?: string
  /** What was not used for this many days goes: 14 if not given. */
  olderThanDays?: number
  /** What was not used for longest goes until this is left: 10 GB if not given. */
  maxBytes?: number
}

/**
 * Makes the store smaller. Safe while calls run: what they have used since
 * they started stays.
 *
 * @returns a sentence saying what was done
 * @throws EngineError when somebody else prunes at the moment
 * @example await prune({ olderThanDays: 7, maxBytes: 5e9 })
 */
export async function prune(options: PruneOptions = {}): Promise<string> {
  const root = options.store ?? defaultStore(process.env)
  const others = STORE_SUFFIXES.map((suffix) => `${root}${suffix}`)
  const done = [await pruneStore(root, options)]
  for (const other of others.filter((one) => existsSync(one))) {
    done.push(await pruneStore(other, options))
  }
  return done.join(" ")
}

async function pruneStore(
  root: string,
  options: PruneOptions,
): Promise<string> {
  const store = await openStore(root)
  try {
    const release = await holdPruneLock(store)
    try {
      return await pruneLocked(store, options)
    } finally {
      await release()
    }
  } finally {
    await closeStore(store)
  }
}

async function pruneLocked(
  store: Store,
  { olderThanDays = 14, maxBytes = 10e9 }: PruneOptions,
): Promise<string> {
  const contents = await readContents(store)
  const choice = choose(contents, {
    now: Date.now(),
    inUseSince: await oldestCall(store),
    maxAge: olderThanDays * 24 * 60 * 60 * 1000,
    maxBytes,
  })
  const trash = await workFolder(store)
  for (const [folder, names] of Object.entries(choice)) {
    for (const name of names) {
      const place = path.join(store.root, folder, name)
      await rename(place, path.join(trash, `${folder}-${name}`))
    }
  }
  await forceRemove(trash)
  return summary(contents, choice)
}

function summary(contents: Contents, choice: Choice): string {
  const size = (items: { bytes: number }[]) =>
    items.reduce((sum, { bytes }) => sum + bytes, 0)
  const total = size(contents.layers) + size(contents.caches)
  const gone =
    size(contents.layers.filter(({ id }) => choice.layers.includes(id))) +
    size(contents.caches.filter(({ name }) => choice.caches.includes(name)))
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  return `Removed ${choice.records.length} results and ${choice.caches.length} cache volumes: ${megabytes(gone)} of ${megabytes(total)}.`
}

/**
 * When the oldest other call that still runs started. A folder's time is that
 * of the last change in it, so the call may be older than it tells: its name
 * was made at its start, and so is its birth time.
 */
async function oldestCall(store: Store): Promise<number> {
  const folder = path.join(store.root, "tmp")
  const own = path.basename(store.temporary)
  const others = (await foldersInUse(folder)).filter((name) => name !== own)
  const births = others.map(async (name) => {
    const made = await stat(path.join(folder, name)).catch(() => undefined)
    return made?.birthtimeMs ?? Number.POSITIVE_INFINITY
  })
  return Math.min(Date.now(), ...(await Promise.all(births)))
}

async function readContents(store: Store): Promise<Contents> {
  const names = (folder: string) => readdir(path.join(store.root, folder))
  const [records, layers, caches] = await Promise.all([
    names("records"),
    names("layers"),
    names("caches"),
  ])
  const sizes = measureFolders(
    [
      ...layers.map((id) => path.join("layers", id)),
      ...caches.map((name) => path.join("caches", name)),
    ],
    store.root,
  )
  const usedAt = async (...place: string[]) =>
    (await stat(path.join(store.root, ...place))).mtimeMs
  return {
    records: await Promise.all(
      records.map(async (digest) => ({
        digest,
        used: await usedAt("records", digest),
        layers: await layersOf(store, digest),
      })),
    ),
    layers: await Promise.all(
      layers.map(async (id) => ({
        id,
        made: await usedAt("layers", id),
        bytes: sizes(path.join("layers", id)),
      })),
    ),
    caches: await Promise.all(
      caches.map(async (name) => ({
        name,
        used: await usedAt("caches", name),
        bytes: sizes(path.join("caches", name)),
      })),
    ),
  }
}

async function layersOf(store: Store, digest: string): Promise<string[]> {
  const file = path.join(store.root, "records", digest, "record.json")
  try {
    const record = JSON.parse(await readFile(file, "utf8")) as Record
    return record.layers.filter((id) => id !== null)
  } catch (error) {
    if (hasCode(error, "ENOENT") || error instanceof SyntaxError) {
      return []
    }
    throw error
  }
}
