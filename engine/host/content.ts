import { createHash } from "node:crypto"
import { closeSync, openSync, readSync } from "node:fs"
import path from "node:path"
import { type Entry, walk } from "../filesystem/walk.js"

/**
 * The digest of a tree's content: names, kinds, permission bits, link targets
 * and the contents of files, but no times.
 *
 * @param sha256 of the file at a path
 */
export function contentDigest(
  entries: readonly Entry[],
  sha256: (path: string) => string,
): string {
  const hash = createHash("sha256")
  for (const { path: name, kind, mode, target } of entries) {
    const what = kind === "file" ? sha256(name) : (target ?? "")
    // A link's own mode means nothing.
    const bits = kind === "link" ? 0 : mode
    hash.update(`${kind}\0${name}\0${bits.toString(8)}\0${what}\0`)
  }
  return hash.digest("hex")
}

/** The digest of a folder's content. */
export async function digestFolder(folder: string): Promise<string> {
  return contentDigest(await walk(folder), (name) =>
    digestFile(path.join(folder, name)),
  )
}

/** The sha256 (hex) of a file. */
export function digestFile(file: string): string {
  const hash = createHash("sha256")
  const buffer = Buffer.allocUnsafe(1024 * 1024)
  const descriptor = openSync(file, "r")
  try {
    for (;;) {
      const size = readSync(descriptor, buffer)
      if (size === 0) {
        return hash.digest("hex")
      }
      hash.update(buffer.subarray(0, size))
    }
  } finally {
    closeSync(descriptor)
  }
}
