import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"

import type { Pypi } from "../servers/pypi/start.js"

/** A file that should be on an index. */
export interface Expected {
  name: string
  sha256: string
}

/** What an index really holds of a release, seen from behind its answers. */
export function stored(
  index: Pypi,
  project: string,
  version: string,
): Expected[] {
  const release = index.holdings.projects.get(project)?.releases.get(version)
  return [...(release?.files.values() ?? [])].map(({ name, path }) => {
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    const sha256 = createHash("sha256").update(bytes).digest("hex")
    return { name, sha256 }
  })
}

/** What a publish said: its exit code, and its receipt where it gave one. */
export interface Said {
  exitCode: number
  files: Expected[]
}

/** What a release is, and whether that was said of it. */
export interface Judgement {
  /** Every file is there, with its bytes. */
  complete: boolean
  /** Bytes are there that nobody sent. */
  wrongBytes: boolean
  /** Success was said of what is not there, or of other bytes. */
  misreported: boolean
}

const same = (a: Expected[], b: Expected[]) =>
  a.length === b.length &&
  a.every((one) =>
    b.some((it) => it.name === one.name && it.sha256 === one.sha256),
  )

/** Compares what was to be published, what is there and what was said. */
export function judge(
  expected: Expected[],
  there: Expected[],
  said: Said,
): Judgement {
  const complete = same(expected, there)
  const wrongBytes = there.some(
    (one) => !expected.some((it) => it.sha256 === one.sha256),
  )
  const success = said.exitCode === 0
  const misreported = success && !(complete && same(said.files, expected))
  return { complete, wrongBytes, misreported }
}
