import { chmodSync, type Stats } from "node:fs"
import path from "node:path"
import { layerPath, type Store } from "../store/store.js"
import { keepTimes } from "./copy.js"
import { lookAt, makeFolders } from "./place.js"

/** A folder above a place, as the layers have it; without stats it is new. */
export interface Ancestor {
  path: string
  stats: Stats | undefined
}

/**
 * The folders above a place where no layer has anything: then what goes there
 * needs no overlay, and can share its files with other layers.
 *
 * @returns nothing where only the kernel can say what is there: something is
 *   at the place already, or a link or a removed folder is above it
 */
export function freshAncestors(
  store: Store,
  layers: readonly string[],
  inside: string,
): Ancestor[] | undefined {
  const roots = layers.map((layer) => layerPath(store, layer))
  const find = (place: string) =>
    roots
      .map((root) => lookAt(path.join(root, place)))
      .find((stats) => stats !== undefined)
  const names = inside.split("/").filter((name) => name !== "")
  if (names.length === 0 || find(inside) !== undefined) {
    return undefined
  }
  const ancestors = names.slice(0, -1).map((_, depth) => {
    const place = names.slice(0, depth + 1).join("/")
    return { path: place, stats: find(place) }
  })
  return ancestors.every(({ stats }) => stats?.isDirectory() ?? true)
    ? ancestors
    : undefined
}

/** Calls `fill` with an empty folder, and leaves those above it as they were. */
export async function fillFresh(
  root: string,
  inside: string,
  ancestors: readonly Ancestor[],
  fill: () => Promise<void>,
): Promise<void> {
  makeFolders(path.join(root, inside))
  await fill()
  for (const { path: place, stats } of [...ancestors].reverse()) {
    if (stats !== undefined) {
      chmodSync(path.join(root, place), stats.mode & 0o7777)
      keepTimes(path.join(root, place), stats)
    }
  }
}
