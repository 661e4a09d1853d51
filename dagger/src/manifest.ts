/** Name and version of the manifest's shape. */
export const MANIFEST_SCHEMA = "pypi-deploy/build/1"

/** The manifest's name in the folder that `build` gives. */
export const MANIFEST = "pypi-deploy.json"

/** One file of a distribution. */
export interface DistFile {
  name: string
  kind: "sdist" | "wheel"
  /** Lower-case hexadecimal. */
  sha256: string
  /** In bytes. */
  size: number
}

/** What `build` writes beside the files: what they are made of. */
export interface Manifest {
  schema: typeof MANIFEST_SCHEMA
  /** The project's name as pyproject.toml writes it. */
  project: string
  version: string
  /** Full id of the commit. */
  commit: string
  /** Tracked files whose content was not the commit's. */
  edited: string[]
  /** Interpreter, such as 3.11. */
  python: string
  /** What the build environment held, `name==version`. */
  tools: string[]
  /** Build requirements that the lock has no version for. */
  unpinned: string[]
  files: DistFile[]
}

/** Whether everything is there that others rely on. */
function isWhole({
  project,
  version,
  commit,
  edited,
  tools,
  files,
}: Partial<Manifest>): boolean {
  const texts = [project, version, commit]
  return (
    texts.every((text) => typeof text === "string" && text !== "") &&
    [edited, tools, files].every(Array.isArray)
  )
}

/**
 * Reads the manifest of an earlier job.
 *
 * @throws a sentence where it is none, or of another shape
 */
export function readManifest(text: string): Manifest {
  let read: Partial<Manifest> | null
  try {
    read = JSON.parse(text) as Partial<Manifest> | null
  } catch {
    read = null
  }
  if (read?.schema !== MANIFEST_SCHEMA || !isWhole(read)) {
    throw new Error(
      `${MANIFEST} in the folder is no manifest of ${MANIFEST_SCHEMA}. Pass the folder as \`build\` gave it, made by this version of the module.`,
    )
  }
  return read as Manifest
}
