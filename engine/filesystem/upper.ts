import { chmodSync, mkdirSync, statSync } from "node:fs"
import path from "node:path"
import { forceRemove } from "../store/remove.js"
import { layerPath, type Store } from "../store/store.js"
import { keepTimes } from "./copy.js"

/**
 * Makes a folder that takes what is written over layers: `fs`, and `work` for
 * overlayfs itself. An overlay's root has the mode and the time of its
 * uppermost folder, so they are the same here.
 */
export function makeUpper(
  store: Store,
  layers: readonly string[],
  folder: string,
): void {
  const fs = path.join(folder, "fs")
  mkdirSync(path.join(folder, "work"), { recursive: true })
  mkdirSync(fs)
  const [top] = layers
  if (top === undefined) {
    chmodSync(fs, 0o755)
    return
  }
  const stats = statSync(layerPath(store, top))
  chmodSync(fs, stats.mode & 0o7777)
  keepTimes(fs, stats)
}

/** Removes the folder that overlayfs worked in; it is of no use later. */
export async function dropWork(folder: string): Promise<void> {
  await forceRemove(path.join(folder, "work"))
}
