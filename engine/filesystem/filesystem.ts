import type { Engine } from "../engine.js"
import { digestOf } from "../values/digest.js"

/**
 * A file system that may not be there yet: it is made when somebody asks for
 * its layers.
 */
export interface Filesystem {
  /** Of how it is made. */
  digest: string
  /** Ids of layers or host folders, top first. */
  layers(): Promise<string[]>
}

/** The file system with nothing in it. */
export const scratch: Filesystem = {
  digest: digestOf("scratch"),
  layers: async () => [],
}

/** A file system that is there: a tree in the store. */
export function treeOf(digest: string, layer: string): Filesystem {
  return { digest: digestOf("tree", digest), layers: async () => [layer] }
}

/** A folder of the host that base images take as it is. */
export function hostTree(folder: string, stamp: string): Filesystem {
  return {
    digest: digestOf("host", folder, stamp),
    layers: async () => [folder],
  }
}

/** Calls `use` with a folder that shows the file system. */
export async function readFilesystem<T>(
  engine: Engine,
  filesystem: Filesystem,
  use: (root: string) => T | Promise<T>,
): Promise<T> {
  return engine.views.read(await filesystem.layers(), use)
}
