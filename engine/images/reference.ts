import { EngineError } from "../errors.js"

/** A base image that the embedded engine has: Python with uv, git and gcc. */
export interface PythonImage {
  reference: string
  /** E.g. `3.11`. */
  python: string
}

interface ImageRow {
  pattern: RegExp
  example: string
  read(reference: string, match: RegExpExecArray): PythonImage
}

/** Every base image there is. */
export const IMAGES: readonly ImageRow[] = [
  {
    pattern:
      /^ghcr\.io\/astral-sh\/uv:0\.13\.8-python(3\.\d+)-bookworm(@sha256:[0-9a-f]{64})?$/,
    example: "ghcr.io/astral-sh/uv:0.13.8-python3.11-bookworm",
    read: (reference, [, python = ""]) => ({ reference, python }),
  },
]

/**
 * Reads an image reference by the table.
 *
 * @throws EngineError naming what there is, for any other
 */
export function readReference(reference: string): PythonImage {
  for (const { pattern, read } of IMAGES) {
    const match = pattern.exec(reference)
    if (match !== null) {
      return read(reference, match)
    }
  }
  const examples = [...IMAGES.map(({ example }) => example), "node:20"].join(
    ", ",
  )
  throw new EngineError(
    `The embedded engine has no base image ${reference}: it has ${examples}, and the same with other versions. "dagger call" pulls any image.`,
  )
}
