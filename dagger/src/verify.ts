import type { Container, Directory } from "@dagger.io/dagger"
import { readAbout } from "./about.js"
import { rebuildDist } from "./build.js"
import {
  CHECKS,
  type CheckList,
  type CheckRow,
  type Choice,
  checkChoice,
  chosen,
} from "./checks.js"
import { base, SOURCE, withLocked, withTools } from "./container.js"
import { distFiles, type NamedFile } from "./dist.js"
import { availability, promised } from "./interpreters.js"
import type { DistFile } from "./manifest.js"
import { type ReachRequest, reachOf } from "./reach.js"
import { type Source, withSource } from "./source.js"
import type { Target } from "./target.js"
import { ask } from "./tool.js"
import { answerOf, tried, tryOnEnds } from "./trial.js"
import { READER, type Reach, withIndex } from "./upload.js"
import {
  type CheckResult,
  failures,
  merged,
  type Previous,
  sizeCheck,
  untried,
  versionCheck,
} from "./verdict.js"

export const VERIFY_SCHEMA = "pypi-deploy/verify/1"

export interface VerifyReport {
  schema: typeof VERIFY_SCHEMA
  project: string
  version: string
  files: DistFile[]
  checks: CheckResult[]
}

/** What tools/verify.py prints. */
interface Read {
  files: DistFile[]
  checks: CheckResult[]
  versions: Record<string, string>
}

/** What to verify: a folder, and the source it was built from, if at hand. */
export interface VerifyRequest {
  dist: Directory
  source?: Source
  python: string
  /** Which checks; default: all. */
  choice?: Choice
  /** The index whose previous release the sizes are compared with. */
  reach?: Reach
}

const ALL: Choice = { only: [], skip: [] }

function checker(): Container {
  return base()
    .with(withLocked("release"))
    .with(withTools("verify.py", "archives.py", "layout.py", "checks/*.py"))
}

const COMMAND = ["/opt/release/bin/python", "/tools/verify.py"]

/** What `verify --list` gives: all checks, those that read files first. */
export async function listChecks(): Promise<CheckList> {
  return { schema: "pypi-deploy/checks/1", checks: await checkTable() }
}

async function checkTable(): Promise<CheckRow[]> {
  const what = "Listing the checks"
  const reading = await ask<CheckRow[]>(checker(), what, [...COMMAND, "--list"])
  return [...reading, ...Object.values(CHECKS)]
}

/**
 * Refuses ids that no check has, before anything is built.
 *
 * @throws a sentence that names the ids that there are
 */
export async function admitChoice(choice: Choice): Promise<void> {
  const given = choice.only.length + choice.skip.length > 0
  if (given) checkChoice(await checkTable(), choice)
}

/**
 * The checks before an upload. A second build proves something of the
 * project and nothing of these bytes; other indexes take local versions.
 */
export function uploadChoice({ pypiRules }: Target): Choice {
  const theirs = pypiRules ? [] : ["local-version"]
  return { only: [], skip: [CHECKS.reproducible.id, ...theirs] }
}

function readFiles(
  { dist, source }: VerifyRequest,
  { only, skip }: Choice,
): Promise<Read> {
  const container = checker().withMountedDirectory("/dist", dist)
  const command = [
    ...[...COMMAND, "--dist", "/dist"],
    ...only.flatMap((id) => ["--only", id]),
    ...skip.flatMap((id) => ["--skip", id]),
  ]
  if (source === undefined) return ask(container, "Verifying", command)
  const folder = source.path === "." ? SOURCE : `${SOURCE}/${source.path}`
  return ask<Read>(container.with(withSource(source)), "Verifying", [
    ...command,
    ...["--project", folder],
  ])
}

/** Every file installed, on the interpreters that it promises. */
async function installs(
  request: VerifyRequest,
  named: NamedFile[],
): Promise<CheckResult[]> {
  const pythons = promised(await readAbout(request.dist))
  const available = availability((python) => base(python).sync())
  return merged(await tryOnEnds(request, named, pythons, available))
}

async function extras(
  { dist, python }: VerifyRequest,
  named: NamedFile[],
): Promise<CheckResult[]> {
  const { extras: names } = await readAbout(dist)
  const file = named.find(({ kind }) => kind === "wheel") ?? named[0]
  if (names.length === 0 || file === undefined) {
    const notes = ["there are no extras"]
    return [{ ...CHECKS.extras, evidence: [], problems: [], notes }]
  }
  const container = base(python)
    .with(withTools("extras.py"))
    .withMountedFile(`/dist/${file.name}`, dist.file(file.name))
  const command = ["python", "/tools/extras.py", "--python", python]
  command.push(`/dist/${file.name}`, ...names)
  const { problems } = await tried(container, command, (failed) =>
    answerOf("Resolving extras", failed),
  )
  return [{ ...CHECKS.extras, evidence: names, problems, notes: [] }]
}

async function reproducible({
  dist,
  source,
  python,
}: VerifyRequest): Promise<CheckResult[]> {
  if (source === undefined)
    return [untried(CHECKS.reproducible, "no source was given")]
  const options = { python, local: false }
  const { problems, compared } = await rebuildDist(source, dist, options)
  return [{ ...CHECKS.reproducible, evidence: compared, problems, notes: [] }]
}

/**
 * The index whose previous release sizes are compared with; none where none
 * is named, and none of a rehearsal's, which is empty.
 */
export async function sizeIndex(
  asked: Omit<ReachRequest, "username" | "token">,
): Promise<Reach | undefined> {
  if (asked.index === "" || asked.index === "rehearsal") return undefined
  return reachOf({ ...asked, username: "" }, 0)
}

async function previousSize(
  { reach }: VerifyRequest,
  [file]: NamedFile[],
  files: Promise<Read>,
): Promise<CheckResult[]> {
  if (reach === undefined || file === undefined) {
    return [untried(CHECKS.previous, "no --index was given")]
  }
  const { upload, simple } = reach.target
  const container = base()
    .with(withLocked("release"))
    .with(withTools("previous.py", ...READER))
    .with(withIndex(reach))
  const previous = await ask<Previous | null>(container, "Asking the index", [
    ...["/opt/release/bin/python", "/tools/previous.py"],
    ...["--upload", upload, "--simple", simple],
    ...["--name", file.project, "--version", file.version],
  ])
  return [sizeCheck((await files).files, previous)]
}

/**
 * Runs the checks on a distribution, all in parallel: the files read, each of
 * them installed on its own, its extras resolved, the source built again.
 *
 * @throws one error that names every check that failed, and what it found
 */
export async function verifyDist(
  request: VerifyRequest,
): Promise<VerifyReport> {
  const choice = request.choice ?? ALL
  const runs = ({ id }: CheckRow) => chosen(choice, id)
  const named = distFiles(await request.dist.entries())
  const { project = "", version = "" } = named[0] ?? {}
  const tryable = named.filter(({ kind }) => runs(CHECKS[kind]))
  const reading = readFiles(request, choice)
  const [read, ...others] = await Promise.all([
    reading,
    tryable.length > 0 ? installs(request, tryable) : [],
    runs(CHECKS.extras) ? extras(request, named) : [],
    runs(CHECKS.reproducible) ? reproducible(request) : [],
    runs(CHECKS.previous) ? previousSize(request, named, reading) : [],
  ])
  const same = runs(CHECKS.version)
    ? [versionCheck(version, read.versions)]
    : []
  const checks = [...read.checks, ...same, ...others.flat()]
  const name = request.source?.project.name ?? project
  const failed = failures(checks)
  if (failed.length > 0) {
    throw new Error(
      `${name} ${version}: ${failed.length} of ${checks.length} checks failed.\n${failed.join("\n")}`,
    )
  }
  const { files } = read
  return { schema: VERIFY_SCHEMA, project: name, version, files, checks }
}
