import { createHash } from "node:crypto"
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  futimesSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs"
import { keepTimes } from "../filesystem/copy.js"
import type { Entry } from "../filesystem/walk.js"
import { digestFile } from "./content.js"

const SMALL = 4 * 1024 * 1024

/**
 * Copies a file, mode and times included. The sha256 is the copy's: the file
 * may change meanwhile.
 */
export function copyAndHash(from: string, to: string, entry: Entry): string {
  return entry.stats.size > SMALL
    ? copyLarge(from, to, entry)
    : copySmall(from, to, entry)
}

/** In one go: opening and closing is most of the work of a small file. */
function copySmall(from: string, to: string, { mode, stats }: Entry): string {
  const contents = readFileSync(from)
  const file = openSync(to, "wx", 0o600)
  try {
    writeFileSync(file, contents)
    fchmodSync(file, mode)
    futimesSync(file, stats.atimeMs / 1000, stats.mtimeMs / 1000)
  } finally {
    closeSync(file)
  }
  return createHash("sha256").update(contents).digest("hex")
}

function copyLarge(from: string, to: string, entry: Entry): string {
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  chmodSync(to, entry.mode)
  const sha256 = digestFile(to)
  keepTimes(to, entry.stats)
  return sha256
}
