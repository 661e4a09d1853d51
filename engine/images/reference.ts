import { EngineError } from "../errors.js"

/** A base image that the embedded engine has, and what is promised to be in it. */
export interface Image {
  reference: string
  /** The Python of the image, e.g. `3.11`. */
  python?: string
  /** The major version of its Node, e.g. `20`. */
  node?: string
  /** The Debian that it has to be, e.g. `12`; any Linux will do for others. */
  debian?: string
  /** Whether uv is in it. */
  uv?: boolean
  /** What it runs where no command is given. */
  command: string[]
}

interface ImageRow {
  pattern: RegExp
  example: string
  /** @param version what the pattern captured */
  read(version: string): Omit<Image, "reference">
}

/**
 * Every base image there is. The slim ones are the others: the machine's git
 * and compiler are seen in all of them.
 */
export const IMAGES: readonly ImageRow[] = [
  {
    pattern: /^ghcr\.io\/astral-sh\/uv:0\.13\.8-python(3\.\d+)-bookworm$/,
    example: "ghcr.io/astral-sh/uv:0.13.8-python3.11-bookworm",
    // As the image says it.
    read: (python) => ({ python, uv: true, command: ["/usr/local/bin/uv"] }),
  },
  {
    pattern: /^python:(3\.\d+)(?:-slim)?(?:-bookworm)?$/,
    example: "python:3.11-slim-bookworm",
    read: (python) => ({ python, command: ["python3"] }),
  },
  {
    pattern: /^node:(\d+)(?:-bookworm)?(?:-slim)?$/,
    example: "node:20-bookworm-slim",
    read: (node) => ({ node, command: ["node"] }),
  },
  {
    pattern: /^debian:(?:bookworm|12)(?:-slim)?()$/,
    example: "debian:bookworm-slim",
    read: () => ({ debian: "12", command: ["bash"] }),
  },
]

const DIGEST = /@sha256:[0-9a-f]{64}$/
const OFFICIAL = /^(?:docker\.io\/)?(?:library\/)?(?=[a-z]+[:@])/

/**
 * Reads an image reference by the table. A digest may follow it, and official
 * images may be named in full: `docker.io/library/node:20`.
 *
 * @throws EngineError naming what there is, for any other
 */
export function readReference(reference: string): Image {
  const name = reference.replace(DIGEST, "").replace(OFFICIAL, "")
  for (const { pattern, read } of IMAGES) {
    const [whole, version = ""] = pattern.exec(name) ?? []
    if (whole !== undefined) {
      return { reference, ...read(version) }
    }
  }
  const examples = IMAGES.map(({ example }) => example).join(", ")
  throw new EngineError(
    `The embedded engine has no base image ${reference}: it has ${examples}, and the same with the other versions that this machine has. "dagger call" pulls any image.`,
  )
}
