import { eq } from "@renovatebot/pep440"
import { distFiles } from "../dist.js"
import { MANIFEST } from "../manifest.js"
import { table, text } from "../toml.js"
import type { ReleaseFile } from "./decide.js"

/** What is known of the files of a release before GitHub is asked. */
export interface Evidence {
  project: string
  version: string
  /** The commit they were built from; null where nothing says it. */
  commit: string | null
  /** Whether a receipt says that an index serves them. */
  confirmed: boolean
  /** The command that installs them, as the receipt has it. */
  install: string | null
}

/** The texts that evidence is read from; null where there is none. */
export interface Papers {
  /** Of pypi-deploy.json, beside the files. */
  manifest: string | null
  /** Of `--receipt`. */
  receipt: string | null
}

function parsed(source: string | null, what: string) {
  try {
    return table(JSON.parse(source ?? "{}"))
  } catch {
    throw new Error(
      `${what} is not JSON. Pass what \`publish --format=json\` printed.`,
    )
  }
}

function sumsIn(receipt: Record<string, unknown>): Map<unknown, unknown> {
  const files = Array.isArray(receipt.files) ? receipt.files : []
  return new Map(files.map((it) => [table(it).name, table(it).sha256] as const))
}

/** Why a receipt is not one of these files; undefined where it is. */
function mismatch(
  receipt: Record<string, unknown>,
  version: string,
  files: ReleaseFile[],
): string | undefined {
  const said = text(receipt.version)
  if (said === undefined || !eq(said, version)) {
    return `is of version ${said ?? "unknown"}, and the files are ${version}`
  }
  const sums = sumsIn(receipt)
  const other = files.find(({ name, sha256 }) => sums.get(name) !== sha256)
  if (other !== undefined) {
    return `has not the bytes of ${other.name}`
  }
  return Object.keys(table(receipt.confirmation)).length === 0
    ? "does not say that the index confirmed the release"
    : undefined
}

/**
 * Reads what goes with the files.
 *
 * @throws a sentence where they are of several releases, or the receipt is
 *   not theirs
 */
export function evidenceOf(files: ReleaseFile[], papers: Papers): Evidence {
  const named = distFiles(files.map(({ name }) => name))
  const [{ project, version }] = named
  const manifest = parsed(papers.manifest, MANIFEST)
  const receipt = parsed(papers.receipt, "--receipt")
  if (papers.receipt !== null) {
    const own = files.filter(({ name }) => named.some((it) => it.name === name))
    const wrong = mismatch(receipt, version, own)
    if (wrong !== undefined) {
      throw new Error(
        `--receipt ${wrong}. Pass the receipt of the publish that uploaded these very files.`,
      )
    }
  }
  return {
    project: text(manifest.project) ?? text(receipt.project) ?? project,
    version,
    commit: text(receipt.commit) ?? text(manifest.commit) ?? null,
    confirmed: papers.receipt !== null,
    install: text(receipt.install) ?? null,
  }
}
