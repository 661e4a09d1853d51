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
 * Writes a record.
 *
 * @param folder of this session, with what goes beside it (an exec's output)
 */
export async function keepRecord(
  store: Store,
  digest: string,
  record: Record,
  folder?: string,
): Promise<void> {
  const draft = folder ?? (await workFolder(store))
  await writeFile(path.join(draft, "record.json"), JSON.stringify(record))
  const place = recordFolder(store, digest)
  try {
    await rename(draft, place)
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST")) {
      throw error
    }
    await replace(store, draft, place)
  }
}

/** Where a step's output is: `stdout`, `stderr` and, in order, `output`. */
export function recordFolder(store: Store, digest: string): string {
  return path.join(store.root, "records", digest)
}

/** Another call was faster, or the layers of the old record were pruned. */
async function replace(
  store: Store,
  draft: string,
  place: string,
): Promise<void> {
  const old = path.join(await workFolder(store), "old")
  try {
    await rename(place, old)
    await rename(draft, place)
  } catch (error) {
    // A third call is writing the same at this moment: its record is as good.
    if (!hasCode(error, "ENOENT", "ENOTEMPTY", "EEXIST")) {
      throw error
    }
  }
  await forceRemove(path.dirname(old))
}
