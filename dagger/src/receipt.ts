import type { DistFile } from "./manifest.js"
import type { Page } from "./page.js"

export const RECEIPT_SCHEMA = "pypi-deploy/receipt/1"

/** What became of one file. */
export interface UploadedFile extends DistFile {
  outcome: "uploaded" | "already there"
  /** Seconds that its upload took. */
  seconds: number
}

/** How long a stage took. */
export interface Stage {
  name: string
  seconds: number
}

/** What `publish` did: the audit trail of a release. */
export interface Receipt {
  schema: typeof RECEIPT_SCHEMA
  project: string
  version: string
  /** Full id of the commit; null for files that were built elsewhere. */
  commit: string | null
  index: { id: string; upload: string; simple: string }
  files: UploadedFile[]
  gates: {
    /** Tests by interpreter, in words; none for files built elsewhere. */
    tests: { python: string; outcome: string }[]
    /** Ids of the checks that passed. */
    checks: string[]
  }
  /** What was installed from the index and tried. */
  confirmation: { python: string; imported: string[] }
  stages: Stage[]
  /** Of the whole publish. Tests and checks run side by side. */
  seconds: number
  /** What is worth knowing and stopped nothing, in sentences. */
  notices: string[]
  /** The command that installs this release; null where the index is gone. */
  install: string | null
}

/** Times stages, in seconds to the millisecond. */
export function stopwatch(now: () => number = Date.now) {
  const start = now()
  const stages: Stage[] = []
  const since = (from: number) => Math.round(now() - from) / 1000
  return {
    stages,
    /** Runs a stage and notes how long it took. */
    async time<Result>(name: string, stage: () => Promise<Result>) {
      const from = now()
      const result = await stage()
      stages.push({ name, seconds: since(from) })
      return result
    },
    /** Seconds since the watch was made. */
    total: () => since(start),
  }
}

function gates({ tests, checks }: Receipt["gates"]): string {
  const ran = tests.map(({ python, outcome }) => `${outcome} on ${python}`)
  return [...ran, `${checks.length} checks passed`].join("; ")
}

/** The receipt for people. */
export function receiptPage(receipt: Receipt): Page {
  const { project, version, commit, index, files, stages, install } = receipt
  const { python, imported } = receipt.confirmation
  return {
    title: `${project} ${version} is published to ${index.id === "url" ? index.upload : index.id}`,
    facts: [
      ["commit", commit ?? "built elsewhere"],
      ["index", index.upload],
      ["gates", gates(receipt.gates)],
      [
        "confirmed",
        `sha256 of every file; installed on ${python}, imports ${imported.join(", ")}`,
      ],
      ["install", install ?? "the index was for this call only"],
    ],
    tables: [
      [
        ["file", "outcome", "bytes", "sha256"],
        ...files.map(({ name, outcome, size, sha256 }) => [
          ...[name, outcome, String(size), sha256],
        ]),
      ],
      [
        ["stage", "time"],
        ...stages.map(({ name, seconds }) => [name, `${seconds.toFixed(1)} s`]),
        ["total", `${receipt.seconds.toFixed(1)} s`],
      ],
    ],
    notes: receipt.notices,
  }
}

/**
 * Reads a receipt back.
 *
 * @throws a sentence where the text is none
 */
export function readReceipt(text: string): Receipt {
  try {
    const receipt = JSON.parse(text) as Partial<Receipt> | null
    if (receipt?.schema === RECEIPT_SCHEMA) return receipt as Receipt
  } catch {
    // no JSON is no receipt either
  }
  throw new Error(
    `The file is no receipt of the form ${RECEIPT_SCHEMA}. Pass what publish --format=json gave.`,
  )
}
