import { readdirSync, rmSync } from "node:fs"
import path from "node:path"
import { lookAt } from "../filesystem/place.js"
import { dropWork } from "../filesystem/upper.js"
import { keepLayer, type Store } from "../store/store.js"
import { isWithin } from "../values/within.js"

/** A folder that a command wrote into: the changes are in its `fs`. */
export interface Upper {
  /** The path of the container that it is mounted at. */
  target: string
  folder: string
  /** The one file in it, and the time of its last change before. */
  file?: { place: string; ctimeMs: number }
}

/**
 * Makes layers of what a command wrote: over the root, and over each mount.
 *
 * @param uppers the folders it wrote into, `null` for what it could not write
 * @param targets where something was mounted: nothing of that is kept
 * @returns the layers in the same order, `null` where it wrote nothing
 */
export async function keepUppers(
  store: Store,
  uppers: readonly (Upper | null)[],
  targets: readonly string[],
): Promise<(string | null)[]> {
  return Promise.all(
    uppers.map(async (upper) => {
      if (upper === null) {
        return null
      }
      const { folder, file, target } = upper
      const root = path.join(folder, "fs")
      const inside = targets.filter(
        (other) => other !== target && isWithin(other, target),
      )
      removeStubs(
        root,
        inside.map((other) => path.posix.relative(target, other)),
      )
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
 * What links lead to, which a command may have put in the way, is left alone.
 */
export function removeStubs(root: string, targets: readonly string[]): void {
  for (const target of [...targets].reverse()) {
    let place = path.join(root, target)
    if (goesThroughLink(root, path.dirname(target))) {
      continue
    }
    while (place !== root && isEmpty(place)) {
      rmSync(place, { recursive: true })
      place = path.dirname(place)
    }
  }
}

function goesThroughLink(root: string, folder: string): boolean {
  const names = folder.split("/")
  return names.some((_, index) => {
    const place = path.join(root, ...names.slice(0, index + 1))
    return lookAt(place)?.isSymbolicLink() === true
  })
}

function isEmpty(place: string): boolean {
  const stats = lookAt(place)
  if (stats?.isDirectory()) {
    return readdirSync(place).length === 0
  }
  return stats?.isFile() === true && stats.size === 0
}
