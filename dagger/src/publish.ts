import type { Directory } from "@dagger.io/dagger"
import { buildDist } from "./build.js"
import { confirmRelease } from "./confirm.js"
import { distFiles } from "./dist.js"
import { buildRefusals, commitRefusals, uploadRefusals } from "./gate.js"
import { holdingRefusals } from "./holdings.js"
import { holdingsOf } from "./look.js"
import { publicVersion } from "./next.js"
import { notices } from "./notice.js"
import { type ReachRequest, reachOf } from "./reach.js"
import { RECEIPT_SCHEMA, type Receipt, stopwatch } from "./receipt.js"
import type { Source } from "./source.js"
import { installLine, type Target } from "./target.js"
import { outcome, type TestOptions, type TestReport, testDist } from "./test.js"
import {
  type Reach,
  rehearsalIndex,
  rehearsalToken,
  uploadFiles,
} from "./upload.js"
import { uploadChoice, type VerifyReport, verifyDist } from "./verify.js"
import { countedVersion } from "./version.js"

/** Where to publish, and as who. */
export interface PublishRequest extends ReachRequest {
  sdistOnly: boolean
  python: string
  tests: TestOptions
}

/** What the gates let through. */
interface Passed {
  dist: Directory
  commit: string | null
  tests?: TestReport
  checks: VerifyReport
  notices: string[]
}

type Stopwatch = ReturnType<typeof stopwatch>

function refuse(refusals: string[]): void {
  if (refusals.length > 0) throw new Error(refusals.join("\n"))
}

/** Refuses files that the index would, before anything long runs. */
async function admit(
  dist: Directory,
  target: Target,
  { sdistOnly, token }: PublishRequest,
): Promise<void> {
  const files = distFiles(await dist.entries())
  const uploaded = files.filter((file) => !sdistOnly || file.kind === "sdist")
  if (uploaded.length === 0) {
    throw new Error("--sdist-only: there is no sdist in the folder.")
  }
  const request = { target, files: uploaded, token: token !== undefined }
  refuse(uploadRefusals(request))
}

/** Build, then tests and checks side by side. */
async function passSource(
  source: Source,
  reach: Reach,
  request: PublishRequest,
  watch: Stopwatch,
): Promise<Passed> {
  const { project, commit, build } = source
  const { target } = reach
  refuse([...buildRefusals(build, target), ...commitRefusals(project, commit)])
  const { python, tests: options } = request
  const counted = await countedVersion(source, python)
  const version = publicVersion(counted.version)
  const looked =
    target.id === "rehearsal"
      ? Promise.resolve(null)
      : holdingsOf(reach, project.name, version)
  looked.catch(() => {}) // what can be refused here is refused first
  const built = await watch.time("build", () =>
    buildDist(source, { python, local: false }),
  )
  const dist = built.directory
  await admit(dist, target, request)
  const held = await looked
  if (held !== null) refuse(holdingRefusals(project, commit, held))
  const gates = await Promise.allSettled([
    watch.time("test", () => testDist(source, built, options)),
    watch.time("verify", () =>
      verifyDist({ dist, source, python, choice: uploadChoice(target) }),
    ),
  ])
  const [tests, checks] = gates
  if (tests.status === "rejected" || checks.status === "rejected") {
    const failed = gates.flatMap((gate) =>
      gate.status === "rejected" ? [(gate.reason as Error).message] : [],
    )
    throw new Error(`Nothing was uploaded.\n${failed.join("\n\n")}`)
  }
  return {
    dist,
    commit: commit.commit,
    tests: tests.value,
    checks: checks.value,
    notices: notices({ project, commit, build, counted, held }),
  }
}

/** Files that were built and tested elsewhere: the checks only. */
async function passDist(
  dist: Directory,
  target: Target,
  request: PublishRequest,
  watch: Stopwatch,
): Promise<Passed> {
  await admit(dist, target, request)
  const { python } = request
  const checks = await watch.time("verify", () =>
    verifyDist({ dist, python, choice: uploadChoice(target) }),
  )
  return { dist, commit: null, checks, notices: [] }
}

/** The index to publish to; a rehearsal's is made for it. */
async function publishReach(request: PublishRequest): Promise<Reach> {
  // Random: on the embedded engine containers share the machine's ports.
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const reach = await reachOf(request, port)
  if (reach.target.id !== "rehearsal") return reach
  const token = rehearsalToken()
  return { ...reach, service: rehearsalIndex(port, token), token }
}

/** Uploads what passed, and confirms it; the receipt. */
async function deliver(
  passed: Passed,
  reach: Reach,
  { sdistOnly, python }: PublishRequest,
  watch: Stopwatch,
): Promise<Receipt> {
  const { dist, commit, tests, checks, notices } = passed
  const { project, version } = checks
  const files = checks.files
    .filter((file) => !sdistOnly || file.kind === "sdist")
    .sort((a, b) => b.kind.localeCompare(a.kind))
  const names = files.map((file) => file.name)
  const uploads = await watch.time("upload", () =>
    uploadFiles(reach, dist, project, names),
  )
  const { simple } = uploads
  const imported = await watch.time("confirm", () =>
    confirmRelease({ reach, simple, project, version, files, python }),
  )
  const target = { ...reach.target, simple }
  return {
    schema: RECEIPT_SCHEMA,
    project,
    version,
    commit,
    index: { id: target.id, upload: target.upload, simple },
    files: files.map((file) => {
      const upload = uploads.files.find(({ name }) => name === file.name)
      const { outcome = "uploaded", seconds = 0 } = upload ?? {}
      return { ...file, outcome, seconds }
    }),
    gates: {
      tests: (tests?.runs ?? []).map((run) => ({
        python: run.python,
        outcome: outcome(run),
      })),
      checks: checks.checks.map((check) => check.id),
    },
    confirmation: { python, imported },
    stages: watch.stages,
    seconds: watch.total(),
    notices,
    install: installLine(target, project, version),
  }
}

/**
 * Takes a commit, or files built before, through every gate to an index, and
 * confirms that the index serves them.
 *
 * @param from - the source to build, or the folder that `build` gave
 */
export async function publishRelease(
  from: { source: () => Promise<Source> } | { dist: Directory },
  request: PublishRequest,
): Promise<Receipt> {
  const watch = stopwatch()
  const reach = await publishReach(request)
  const { target, service } = reach
  const passed =
    "dist" in from
      ? passDist(from.dist, target, request, watch)
      : passSource(await from.source(), reach, request, watch)
  // A rehearsal's index starts while the gates are at work.
  const own = target.id === "rehearsal" ? service : undefined
  own?.start().catch(() => {}) // the upload that needs it says so
  try {
    return await deliver(await passed, reach, request, watch)
  } finally {
    await own?.stop({ kill: true }).catch(() => {}) // it ends with the call
  }
}
