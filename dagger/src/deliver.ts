import { signFiles } from "./attest.js"
import type { Attestations } from "./attestations.js"
import type { Channel } from "./channel.js"
import { confirmRelease } from "./confirm.js"
import type { Context } from "./context.js"
import type { Identity } from "./identity.js"
import type { Passed, Stopwatch } from "./pass.js"
import { RECEIPT_SCHEMA, type Receipt } from "./receipt.js"
import { installLine } from "./target.js"
import { outcome } from "./test.js"
import { type Reach, uploadFiles } from "./upload.js"

/** How to deliver what passed. */
export interface DeliverRequest {
  reach: Reach
  channel: Channel
  identity: Identity
  attestations: Attestations
  sdistOnly: boolean
  python: string
  /** Seconds for the upload and its confirmation. */
  deadline: number
  dryRun: boolean
  /** Run no code of the project. */
  hashOnly: boolean
  context: Context
}

/** An index shows a new file some time after it took it. */
const SHOWN_AFTER = 60

/** Uploads what passed, and confirms it; the receipt. */
export async function deliver(
  passed: Passed,
  request: DeliverRequest,
  watch: Stopwatch,
): Promise<Receipt> {
  const { dist, checks, tests } = passed
  const { reach, identity, python, deadline, dryRun, hashOnly } = request
  const { project, version } = checks
  const files = checks.files
    .filter((file) => !request.sdistOnly || file.kind === "sdist")
    .sort((a, b) => b.kind.localeCompare(a.kind))
  const signed = await signFiles(request, dist, files, watch)
  const uploads = await watch.time("upload", () =>
    uploadFiles(reach, {
      ...{ dist, project, files, identity, deadline, dryRun },
      attestations: signed.file,
    }),
  )
  const target = { ...reach.target, simple: uploads.simple }
  const rest = deadline - (watch.stages.at(-1)?.seconds ?? 0)
  const least = Math.min(SHOWN_AFTER, deadline)
  const answer = dryRun
    ? null
    : await watch.time("confirm", () =>
        confirmRelease({
          ...{ reach: { ...reach, target }, project, version, files, python },
          deadline: Math.max(least, Math.round(rest)),
          hashOnly,
        }),
      )
  const { kind, why } = request.channel
  return {
    schema: RECEIPT_SCHEMA,
    dryRun,
    project,
    version,
    commit: passed.commit,
    ref: passed.ref,
    channel: { kind, why },
    index: { id: target.id, upload: target.upload, simple: target.simple },
    tools: passed.tools,
    files: files.flatMap((file) => {
      const upload = uploads.files.find(({ name }) => name === file.name)
      if (upload === undefined) return []
      const { outcome, attempts, faults, seconds } = upload
      return [{ ...file, outcome, attempts, faults, seconds }]
    }),
    gates: {
      tests: (tests?.runs ?? []).map((run) => ({
        python: run.python,
        outcome: outcome(run),
      })),
      checks: checks.checks.map((check) => check.id),
    },
    claims: uploads.claims,
    attestations: { mode: request.attestations, files: signed.names },
    confirmation: answer?.confirmation ?? null,
    context: request.context,
    stages: watch.stages,
    seconds: watch.total(),
    notices: [...passed.notices, ...signed.notices, ...(answer?.notes ?? [])],
    install: installLine(target, project, version),
  }
}
