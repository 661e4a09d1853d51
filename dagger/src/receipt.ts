import type { ReleaseKind } from "./channel.js"
import type { Confirmation } from "./confirm.js"
import type { Context } from "./context.js"
import type { DistFile } from "./manifest.js"
import type { Page } from "./page.js"
import type { Outcome } from "./upload.js"

export const RECEIPT_SCHEMA = "pypi-deploy/receipt/2"

/** What became of one file. */
export interface UploadedFile extends DistFile {
  outcome: Outcome
  /** How often it was sent. */
  attempts: number
  /** What went wrong on the way, in the index's words. */
  faults: string[]
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
  /** Whether nothing was uploaded, on request. */
  dryRun: boolean
  project: string
  version: string
  /** Full id of the commit; null for files that were built elsewhere. */
  commit: string | null
  /** The full ref that was built; null where it is not known. */
  ref: string | null
  channel: { kind: ReleaseKind; why: string }
  index: { id: string; upload: string; simple: string }
  /** What built the files, `name==version`; none where not known. */
  tools: string[]
  files: UploadedFile[]
  gates: {
    /** Tests by interpreter, in words; none for files built elsewhere. */
    tests: { python: string; outcome: string }[]
    /** Ids of the checks that passed. */
    checks: string[]
  }
  /** What the identity that uploaded claims; empty where a token did. */
  claims: Record<string, string>
  /** What was signed. */
  attestations: { mode: string; files: string[] }
  /** What the index proved to serve; null where nothing was uploaded. */
  confirmation: Confirmation | null
  /** The run that published, as `--context` said. */
  context: Context
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

function confirmed(confirmation: Confirmation | null): string {
  if (confirmation === null) return "nothing was uploaded"
  const { python, imported } = confirmation
  const tried =
    python === null
      ? "installed nowhere: `confirm` does, in a job of its own"
      : `installed on ${python}, imports ${imported.join(", ")}`
  return `sha256 of every file; ${tried}`
}

function publisher({ claims, context }: Receipt): [string, string][] {
  const who = claims.job_workflow_ref ?? claims.ci_config_ref_uri ?? claims.sub
  const run = [context.url, context.actor && `by ${context.actor}`]
  const said = run.filter(Boolean).join(" ")
  return [
    ...(who ? [["identity", who] as [string, string]] : []),
    ...(said ? [["run", said] as [string, string]] : []),
  ]
}

/** The receipt for people. */
export function receiptPage(receipt: Receipt): Page {
  const { project, version, commit, ref, index, files, install } = receipt
  const place = index.id === "url" ? index.upload : index.id
  const done = receipt.dryRun ? "would be published" : "is published"
  const { mode, files: signed } = receipt.attestations
  return {
    title: `${project} ${version} ${done} to ${place}`,
    facts: [
      ["commit", commit ?? "built elsewhere"],
      ...(ref === null ? [] : [["ref", ref] as [string, string]]),
      ["channel", receipt.channel.why],
      ["index", index.upload],
      ["gates", gates(receipt.gates)],
      ...publisher(receipt),
      ...(signed.length > 0
        ? [["signed", `${signed.length} files, ${mode}`] as [string, string]]
        : []),
      ["confirmed", confirmed(receipt.confirmation)],
      ["install", install ?? "the index was for this call only"],
    ],
    tables: [
      [
        ["file", "outcome", "attempts", "bytes", "sha256"],
        ...files.map(({ name, outcome, attempts, size, sha256 }) => [
          ...[name, outcome, String(attempts), String(size), sha256],
        ]),
      ],
      [
        ["stage", "time"],
        ...receipt.stages.map(({ name, seconds }) => [
          ...[name, `${seconds.toFixed(1)} s`],
        ]),
        ["total", `${receipt.seconds.toFixed(1)} s`],
      ],
    ],
    notes: receipt.notices,
  }
}
