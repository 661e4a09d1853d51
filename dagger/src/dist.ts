import type { Directory } from "@dagger.io/dagger"
import type { DistFile, Manifest } from "./manifest.js"

/** A folder with a distribution, and what is known of its files. */
export interface DistFolder {
  directory: Directory
  manifest: Manifest
}

/** The files of one kind. */
export function filesOf(dist: DistFolder, kind: DistFile["kind"]): DistFile[] {
  return dist.manifest.files.filter((file) => file.kind === kind)
}

/** The first wheel. */
export function wheelOf(dist: DistFolder): DistFile {
  const [wheel] = filesOf(dist, "wheel")
  if (wheel === undefined) {
    throw new Error(
      "There is no wheel to test. Build one with `build`, or pass a folder that has one.",
    )
  }
  return wheel
}
