import { chmodSync } from "node:fs"
import path from "node:path"
import type { Engine } from "../engine.js"
import { layerPath, type Store } from "../store/store.js"
import { digestOf } from "../values/digest.js"
import { copyTree, keepTimes } from "./copy.js"
import { derived } from "./derived.js"
import type { Filesystem } from "./filesystem.js"
import { inFolder } from "./look.js"
import { lookAt } from "./place.js"

/** A folder of a file system as a file system of its own. */
export function subtree(
  engine: Engine,
  filesystem: Filesystem,
  inside: string,
): Filesystem {
  if (inside === "/") {
    return filesystem
  }
  const digest = digestOf("subtree", filesystem.digest, inside)
  const copied = derived(engine, digest, (folder) =>
    inFolder(engine, { filesystem, path: inside }, async (source, stats) => {
      await copyTree(source, folder)
      chmodSync(folder, stats.mode & 0o7777)
      keepTimes(folder, stats)
    }),
  )
  return {
    digest,
    async layers() {
      const layers = await filesystem.layers()
      const only = onlyLayer(engine.store, layers, inside)
      return only ? [only] : copied.layers()
    },
  }
}

/**
 * The layer that alone says what is in a folder: none above it has anything to
 * do with the folder, and none below it has the folder at all. What several
 * layers give together only the kernel can say.
 */
export function onlyLayer(
  store: Store,
  layers: readonly string[],
  inside: string,
): string | undefined {
  const names = inside.split("/").filter((name) => name !== "")
  const [first = ""] = names
  const top = layers.findIndex(
    (layer) => lookAt(path.join(layerPath(store, layer), first)) !== undefined,
  )
  const found = layers[top]
  if (found === undefined) {
    return undefined
  }
  const root = layerPath(store, found)
  const isFolder = names.every((_, depth) =>
    lookAt(path.join(root, ...names.slice(0, depth + 1)))?.isDirectory(),
  )
  const below = layers.slice(top + 1)
  const alone = below.every(
    (layer) => lookAt(path.join(layerPath(store, layer), inside)) === undefined,
  )
  return isFolder && alone ? path.posix.join(found, ...names) : undefined
}
