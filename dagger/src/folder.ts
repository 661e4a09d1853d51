import type { Directory } from "@dagger.io/dagger"
import { MANIFEST, type Manifest, readManifest } from "./manifest.js"

/** What `build` wrote of a folder; null where it was made by others. */
export async function manifestOf(dist: Directory): Promise<Manifest | null> {
  const has = (await dist.entries()).includes(MANIFEST)
  return has ? readManifest(await dist.file(MANIFEST).contents()) : null
}
