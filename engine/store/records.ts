import { existsSync } from "node:fs"
import { readFile, rename, utimes, writeFile } from "node:fs/promises"
import path from "node:path"
import { hasCode } from "../errors.js"
import { waitForPrune } from "./prune-lock.js"
import { forceRemove } from "./remove.js"
import { layerPath, type Store, workFolder } from "./store.js"

/**
 * What a step gave, by the digest of how it was asked for.
 *
 * - `layers`: the layer that it wrote for each file system it could change,
 *   `null` where it changed nothing. An exec's first is the root's, the others
 *   are its mounts'.
 */
export interface Record {
  layers: (string | null)[]
  exitCode?: number
}

/**
 * The record of a step, if all of its layers are still there.
 *
 * Its time of use is set first, and only then is it read: a prune at the same
 * time either sees the use or is waited for.
 */
export async function findRecord(
  store: Store,
  digest: string,
): Promise<Record | undefined> {
  const folder = recordFolder(store, digest)
  try {
    const now = new Date()
    await utimes(folder, now, now)
    await waitForPrune(store.root)
    const record = JSON.parse(
      await readFile(path.join(folder, "record.json"), "utf8"),
    ) as Record
    return record.layers.every(
      (id) => id === null || existsSync(layerPath(store, id)),
    )
      ? record
      : undefined
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined
    }
    throw error
  }
}

/**
 * Writes a record. One that is there stays: others may be reading it.
 *
 * @param folder of this session, with what goes beside it (an exec's output)
 * @returns the one that is there now
 */
export async function keepRecord(
  store: Store,
  digest: string,
  record: Record,
  folder?: string,
): Promise<Record> {
  const draft = folder ?? (await workFolder(store))
  await writeFile(path.join(draft, "record.json"), JSON.stringify(record))
  const place = recordFolder(store, digest)
  while (!(await moved(draft, place, "ENOTEMPTY", "EEXIST"))) {
    const faster = await findRecord(store, digest)
    if (faster !== undefined) {
      await forceRemove(draft)
      return faster
    }
    // The layers of the one that is there were pruned.
    const old = await workFolder(store)
    await moved(place, path.join(old, "record"), "ENOENT")
    await forceRemove(old)
  }
  return record
}

/** Where a step's output is: `stdout`, `stderr` and, in order, `output`. */
export function recordFolder(store: Store, digest: string): string {
  return path.join(store.root, "records", digest)
}

/** Renames a folder, unless what the codes say is in the way. */
async function moved(
  folder: string,
  place: string,
  ...codes: string[]
): Promise<boolean> {
  try {
    await rename(folder, place)
    return true
  } catch (error) {
    if (!hasCode(error, ...codes)) {
      throw error
    }
    return false
  }
}
