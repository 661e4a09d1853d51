import { chmod, mkdir, utimes } from "node:fs/promises"
import path from "node:path"
import { EngineError } from "../errors.js"
import { waitForPrune } from "../store/prune-lock.js"
import type { Store } from "../store/store.js"
import type { Container, Sharing } from "../values/container.js"
import { digestOf } from "../values/digest.js"
import { lockFile } from "./lock.js"

/** A cache volume that a command may use now. */
export interface OpenCache {
  folder: string
  release(): Promise<void>
}

type Opener = (volume: string) => Promise<OpenCache>

/** How a volume is opened, by its sharing mode. */
const OPENERS: Record<Sharing, Opener> = {
  async SHARED(volume) {
    return { folder: await instance(volume, 0), release: async () => {} }
  },
  async LOCKED(volume) {
    const folder = await instance(volume, 0)
    const lock = await lockFile(`${folder}.lock`, true)
    if (lock === undefined) {
      throw new EngineError(`The cache volume at ${volume} cannot be locked.`)
    }
    return { folder, release: lock.release }
  },
  // The first instance that nobody else uses, or a new one.
  async PRIVATE(volume) {
    for (let number = 0; ; number++) {
      const folder = await instance(volume, number)
      const lock = await lockFile(`${folder}.lock`, false)
      if (lock !== undefined) {
        return { folder, release: lock.release }
      }
    }
  },
}

/** Opens the cache volume of a key for one command. */
async function openCache(
  store: Store,
  key: string,
  sharing: Sharing,
): Promise<OpenCache> {
  const volume = path.join(store.root, "caches", digestOf("cache", key))
  await mkdir(volume, { recursive: true })
  const now = new Date()
  await utimes(volume, now, now)
  await waitForPrune(store.root)
  return OPENERS[sharing](volume)
}

/** The cache volumes of a container, by key. */
export type OpenCaches = Record<string, OpenCache>

/**
 * Opens the cache volumes of a container. Locks are taken in one order by
 * everybody: no two wait for each other.
 */
export async function openCaches(
  store: Store,
  container: Container,
): Promise<OpenCaches> {
  const mounts = container.mounts
    .filter((mount) => mount.kind === "cache")
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const open: OpenCaches = {}
  for (const { key, sharing } of mounts) {
    open[key] ??= await openCache(store, key, sharing)
  }
  return open
}

async function instance(volume: string, number: number): Promise<string> {
  const folder = path.join(volume, String(number))
  const first = await mkdir(folder, { recursive: true })
  if (first !== undefined) {
    await chmod(folder, 0o755)
  }
  return folder
}
