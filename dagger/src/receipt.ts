import type { ReleaseKind } from "./channel.js"
import type { Confirmation } from "./confirm.js"
import type { Context } from "./context.js"
import type { DistFile } from "./manifest.js"
import type { Notification } from "./notify/notification.js"
import type { Outcome } from "./uploads.js"

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
  /**
   * The command that installs this release; null where the index is gone, and
   * where nothing confirmed that it can be installed.
   */
  install: string | null
  /** Why the publish broke off, in sentences; null where it did not. */
  failure: string | null
  /** Who was told of it; `notify` adds this. */
  notifications?: Notification[]
}

/** What is known of a release before its gates. */
export type Known = Pick<
  Receipt,
  | ("project" | "version" | "commit" | "ref" | "channel" | "index")
  | ("dryRun" | "context" | "stages")
>

/** The receipt of a publish that has just begun. */
export function beginReceipt(known: Known, mode: string): Receipt {
  return {
    ...{ schema: RECEIPT_SCHEMA, ...known },
    ...{ tools: [], files: [], gates: { tests: [], checks: [] } },
    ...{ claims: {}, attestations: { mode, files: [] }, confirmation: null },
    ...{ seconds: 0, notices: [], install: null, failure: null },
  }
}

/**
 * How far a publish came: `half` where the index has some of the files,
 * `unconfirmed` where it has all, and does not serve or install them.
 */
export type State = "published" | "dry" | "refused" | "half" | "unconfirmed"

/** How far a publish came, by its receipt. */
export function stateOf({ failure, dryRun, files }: Receipt): State {
  if (failure === null) return dryRun ? "dry" : "published"
  const there = files.filter(
    ({ outcome }) => outcome === "uploaded" || outcome === "already there",
  )
  if (there.length === 0) return "refused"
  return there.length < files.length ? "half" : "unconfirmed"
}

const SAYS: Record<State, (release: string, index: string) => string> = {
  published: (release, index) => `${release} is published to ${index}`,
  dry: (release, index) => `${release} would be published to ${index}`,
  refused: (release, index) => `${release} is not published to ${index}`,
  half: (release, index) => `${release} is half published to ${index}`,
  unconfirmed: (release, index) =>
    `${release} is on ${index}, which does not confirm it`,
}

/** What a receipt says in one line. */
export function titleOf(receipt: Receipt): string {
  const { project, version, index } = receipt
  const place = index.id === "url" ? index.upload : index.id
  return SAYS[stateOf(receipt)](`${project} ${version}`, place)
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
