import path from "node:path"
import { type Engine, once } from "../engine.js"
import { findRecord, keepRecord } from "../store/records.js"
import { keepLayer, workFolder } from "../store/store.js"
import type { Filesystem } from "./filesystem.js"
import { makeFolders } from "./place.js"

/**
 * A file system that is written as a whole.
 *
 * @param digest of how it is made
 * @param write fills an empty folder with it
 */
export function derived(
  engine: Engine,
  digest: string,
  write: (folder: string) => Promise<void>,
): Filesystem {
  return {
    digest,
    layers: () =>
      once(engine, `layers ${digest}`, async () => {
        const known = await findRecord(engine.store, digest)
        if (known?.layers[0]) {
          return [known.layers[0]]
        }
        const folder = await workFolder(engine.store)
        const fs = path.join(folder, "fs")
        makeFolders(fs)
        await write(fs)
        const layer = await keepLayer(engine.store, folder)
        await keepRecord(engine.store, digest, { layers: [layer] })
        return [layer]
      }),
  }
}
