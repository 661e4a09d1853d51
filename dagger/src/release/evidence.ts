import { eq, valid } from "@renovatebot/pep440"
import { distFiles } from "../dist.js"
import { MANIFEST, type Manifest, readManifest } from "../manifest.js"
import { type Receipt, stateOf, titleOf } from "../receipt.js"
import { readReceipt } from "../receipt-reading.js"
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

/** Why a receipt does not prove that these files are out; null where it does. */
function mismatch(
  receipt: Receipt,
  version: string,
  files: ReleaseFile[],
): string | null {
  const sums = new Map(receipt.files.map((it) => [it.name, it.sha256]))
  const other = files.find(({ name, sha256 }) => sums.get(name) !== sha256)
  const said = receipt.version
  if (valid(said) === null || !eq(said, version)) {
    return `is of version ${said}, and the files are ${version}`
  }
  if (other !== undefined) return `has not the bytes of ${other.name}`
  if (stateOf(receipt) !== "published") return `says: ${titleOf(receipt)}`
  if (receipt.index.id === "rehearsal") {
    return "is of a rehearsal, whose index is gone"
  }
  return receipt.confirmation === null
    ? "does not say that the index confirmed the release"
    : null
}

const LOCAL = /-linux_\w+\.whl$/

/** Whether a wheel made way for one that indexes take, as by auditwheel. */
function wasRepaired(name: string, files: ReleaseFile[]): boolean {
  const start = name.replace(LOCAL, "-")
  return start !== name && files.some((it) => it.name.startsWith(start))
}

/** Why files are not those of their manifest, in sentences; none if they are. */
function manifestRefusals(
  { files: built }: Manifest,
  files: ReleaseFile[],
): string[] {
  const todo = "Pass the folder as `build` gave it with --dist."
  const sums = new Map(files.map(({ name, sha256 }) => [name, sha256]))
  return built.flatMap(({ name, sha256 }) => {
    const found = sums.get(name)
    if (found === sha256 || wasRepaired(name, files)) return []
    return found === undefined
      ? `${name} is not in the folder, and ${MANIFEST} names it. ${todo}`
      : `${name} has sha256 ${found}, and ${MANIFEST} says ${sha256}: nothing says that these are bytes that were tested. ${todo}`
  })
}

/**
 * Reads what goes with the files.
 *
 * @throws a sentence where they are of several releases, or the manifest or
 *   the receipt is not theirs
 */
export function evidenceOf(files: ReleaseFile[], papers: Papers): Evidence {
  const named = distFiles(files.map(({ name }) => name))
  const [{ project, version }] = named
  const built = papers.manifest === null ? null : readManifest(papers.manifest)
  const refusals = built === null ? [] : manifestRefusals(built, files)
  if (refusals.length > 0) throw new Error(refusals.join("\n"))
  const receipt = papers.receipt === null ? null : readReceipt(papers.receipt)
  if (receipt !== null) {
    const own = files.filter(({ name }) => named.some((it) => it.name === name))
    const wrong = mismatch(receipt, version, own)
    if (wrong !== null) {
      throw new Error(
        `--receipt ${wrong}. Pass the receipt of the publish that uploaded these very files.`,
      )
    }
  }
  return {
    project: built?.project ?? receipt?.project ?? project,
    version,
    commit: receipt?.commit ?? built?.commit ?? null,
    confirmed: receipt !== null,
    install: receipt?.install ?? null,
  }
}
