import { readdirSync, rmSync } from "node:fs"
import path from "node:path"
import { dropWork } from "../filesystem/edited.js"
import { lookAt } from "../filesystem/place.js"
import { keepLayer, type Store } from "../store/store.js"
import type { Container } from "../values/container.js"

/** A folder that a command wrote into: the changes are in its `fs`. */
export interface Upper {
  folder: string
  /** The one file in it, and the time of its last change before. */
  file?: { place: string; ctimeMs: number }
}

/**
 * Makes layers of what a command wrote: over the root, and over each mount.
 *
 * @param uppers the folders it wrote into, `null` for what it could not write
 * @returns the layers in the same order, `null` where it wrote nothing
 */
export async function keepUppers(
  store: Store,
  uppers: readonly (Upper | null)[],
  container: Container,
): Promise<(string | null)[]> {
  return Promise.all(
    uppers.map(async (upper, index) => {
      if (upper === null) {
        return null
      }
      const { folder, file } = upper
      const root = path.join(folder, "fs")
      if (index === 0) {
        const targets = container.mounts.map(({ target }) => target)
        removeStubs(root, targets)
      }
      if (file && lookAt(file.place)?.ctimeMs === file.ctimeMs) {
        return null
      }
      if (readdirSync(root).length === 0) {
        return null
      }
      await dropWork(folder)
      return keepLayer(store, folder)
    }),
  )
}

/**
 * Removes the empty folders and files that were only made to mount something
 * on, with the folders made for them: a mount leaves no trace below itself.
 */
export function removeStubs(root: string, targets: readonly string[]): void {
  for (const target of [...targets].reverse()) {
    let place = path.join(root, target)
    while (place !== root && isEmpty(place)) {
      rmSync(place, { recursive: true })
      place = path.dirname(place)
    }
  }
}

function isEmpty(place: string): boolean {
  const stats = lookAt(place)
  if (stats?.isDirectory()) {
    return readdirSync(place).length === 0
  }
  return stats?.isFile() === true && stats.size === 0
}
