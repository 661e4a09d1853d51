import { signFiles } from "./attest.js"
import type { Attestations } from "./attestations.js"
import { confirmRelease } from "./confirm.js"
import type { Identity } from "./identity.js"
import type { Passed, Stopwatch } from "./pass.js"
import type { Receipt } from "./receipt.js"
import { installLine } from "./target.js"
import { outcome } from "./test.js"
import { type Reach, uploadFiles } from "./upload.js"
import { uploadedFiles } from "./uploads.js"

/** How to deliver what passed. */
export interface DeliverRequest {
  reach: Reach
  identity: Identity
  attestations: Attestations
  sdistOnly: boolean
  python: string
  /** Seconds for the upload and its confirmation. */
  deadline: number
  dryRun: boolean
  /** Run no code of the project. */
  hashOnly: boolean
}

/** An index shows a new file some time after it took it. */
const SHOWN_AFTER = 60

/**
 * Uploads what passed, and confirms it. The receipt is written as it goes on,
 * so that it tells how far a delivery came that fails.
 */
export async function deliver(
  receipt: Receipt,
  passed: Passed,
  request: DeliverRequest,
  watch: Stopwatch,
): Promise<void> {
  const { dist, checks, tests } = passed
  const { reach, identity, python, deadline, dryRun, hashOnly } = request
  const { project, version } = checks
  const files = checks.files
    .filter((file) => !request.sdistOnly || file.kind === "sdist")
    .sort((a, b) => b.kind.localeCompare(a.kind))
  Object.assign(receipt, {
    ...{ project, version, commit: passed.commit, ref: passed.ref },
    ...{ tools: passed.tools, files: uploadedFiles(files, { files: [] }) },
    gates: {
      tests: (tests?.runs ?? []).map((run) => ({
        python: run.python,
        outcome: outcome(run),
      })),
      checks: checks.checks.map((check) => check.id),
    },
    notices: [...passed.notices],
  } satisfies Partial<Receipt>)
  const signed = await signFiles(request, dist, files, watch)
  receipt.attestations.files = signed.names
  receipt.notices.push(...signed.notices)
  const uploads = await watch.time("upload", () =>
    uploadFiles(reach, {
      ...{ dist, project, files, identity, deadline, dryRun },
      attestations: signed.file,
    }),
  )
  const simple = uploads.simple || reach.target.simple
  const target = { ...reach.target, simple }
  Object.assign(receipt, {
    files: uploadedFiles(files, uploads),
    claims: uploads.claims,
    index: { id: target.id, upload: target.upload, simple },
  } satisfies Partial<Receipt>)
  if (uploads.error !== undefined) throw new Error(uploads.error)
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
  receipt.confirmation = answer?.confirmation ?? null
  receipt.notices.push(...(answer?.notes ?? []))
  if (answer === null) return
  const certificate = await reach.certificate?.name()
  receipt.install = installLine(target, project, version, certificate)
  if (reach.service && target.id === "url") {
    receipt.notices.push(
      `Only this call knows its index as ${new URL(target.upload).host}. In the install line, say where --index-service listens.`,
    )
  }
}
