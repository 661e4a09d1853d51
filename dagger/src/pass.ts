import type { Directory } from "@dagger.io/dagger"
import { buildDist } from "./build.js"
import { CHECKS, type Choice } from "./checks.js"
import { distFiles, type NamedFile } from "./dist.js"
import { buildRefusals, commitRefusals, uploadRefusals } from "./gate.js"
import { holdingRefusals } from "./holdings.js"
import { holdingsOf } from "./look.js"
import type { Manifest } from "./manifest.js"
import { type Counted, publicVersion } from "./next.js"
import { notices } from "./notice.js"
import type { stopwatch } from "./receipt.js"
import { recordNotices } from "./recorded.js"
import type { Source } from "./source.js"
import type { Target } from "./target.js"
import { type TestOptions, type TestReport, testDist } from "./test.js"
import type { Reach } from "./upload.js"
import { uploadChoice, type VerifyReport, verifyDist } from "./verify.js"

export type Stopwatch = ReturnType<typeof stopwatch>

/** What the gates are told. */
export interface PassRequest {
  reach: Reach
  sdistOnly: boolean
  python: string
  tests: TestOptions
  /** Checks to leave out, by id. */
  skip: string[]
  /** Seconds that faults of the index are waited out for. */
  deadline: number
}

/** What the gates let through. */
export interface Passed {
  dist: Directory
  commit: string | null
  ref: string | null
  tools: string[]
  tests?: TestReport
  checks: VerifyReport
  notices: string[]
}

export function refuse(refusals: string[]): void {
  if (refusals.length > 0) throw new Error(refusals.join("\n"))
}

/** The files, without those that the index would refuse. */
async function admit(
  dist: Directory,
  target: Target,
  sdistOnly: boolean,
): Promise<NamedFile[]> {
  const files = distFiles(await dist.entries())
  const uploaded = files.filter((file) => !sdistOnly || file.kind === "sdist")
  if (uploaded.length === 0) {
    throw new Error("--sdist-only: there is no sdist in the folder.")
  }
  refuse(uploadRefusals({ target, files: uploaded }))
  return uploaded
}

/** Those before any upload, without the ones that were to be left out. */
function checksOf({ reach, skip }: PassRequest, more: string[] = []): Choice {
  const { only, skip: usual } = uploadChoice(reach.target)
  return { only, skip: [...usual, ...skip, ...more] }
}

/** The full ref that is built, where it is known. */
export function refOf({ build }: Source): string | null {
  if ("tag" in build) return `refs/tags/${build.tag}`
  return build.branch && `refs/heads/${build.branch}`
}

/** Build, then tests and checks side by side. */
export async function passSource(
  source: Source,
  counted: Counted,
  request: PassRequest,
  watch: Stopwatch,
): Promise<Passed> {
  const { project, commit, build } = source
  const { reach, python, tests: options } = request
  const { target } = reach
  refuse([...buildRefusals(build, target), ...commitRefusals(project, commit)])
  const version = publicVersion(counted.version)
  const looked =
    target.id === "rehearsal"
      ? Promise.resolve(null)
      : holdingsOf(reach, project.name, version, request.deadline)
  looked.catch(() => {}) // what can be refused here is refused first
  const built = await watch.time("build", () =>
    buildDist(source, { python, local: false }),
  )
  const dist = built.directory
  await admit(dist, target, request.sdistOnly)
  const held = await looked
  if (held !== null) refuse(holdingRefusals(project, commit, held, version))
  const gates = await Promise.allSettled([
    watch.time("test", () => testDist(source, built, options)),
    watch.time("verify", () =>
      verifyDist({ dist, source, python, choice: checksOf(request) }),
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
    ref: refOf(source),
    tools: built.manifest.tools,
    tests: tests.value,
    checks: checks.value,
    notices: notices({ project, commit, build, counted, held }),
  }
}

/**
 * Checks that run code of the project, or of what it depends on: an upload job
 * can show who it is, and nobody else's code may.
 */
const RUN_CODE = [CHECKS.wheel.id, CHECKS.sdist.id, CHECKS.extras.id]

/** Files that were built and tested elsewhere: the checks that only read. */
export async function passDist(
  dist: Directory,
  manifest: Manifest | null,
  request: PassRequest,
  watch: Stopwatch,
): Promise<Passed> {
  const files = await admit(dist, request.reach.target, request.sdistOnly)
  const { python } = request
  const choice = checksOf(request, RUN_CODE)
  const checks = await watch.time("verify", () =>
    verifyDist({ dist, python, choice }),
  )
  const untold =
    "The folder has no pypi-deploy.json, so nothing says that these are the bytes that were tested. Pass the folder that `build` gave."
  return {
    dist,
    commit: manifest?.commit ?? null,
    ref: null,
    tools: manifest?.tools ?? [],
    checks: manifest ? { ...checks, project: manifest.project } : checks,
    notices: manifest ? recordNotices(manifest, files) : [untold],
  }
}
