import type { Container, Directory } from "@dagger.io/dagger"
import { backendContainer, CONSTRAINTS } from "./backend.js"
import { base, SOURCE, withLocked, withTools } from "./container.js"
import { distFiles, installsOn, type NamedFile } from "./dist.js"
import type { DistFile } from "./manifest.js"
import type { Page } from "./page.js"
import { type Source, withSource } from "./source.js"
import { ask, explain, isFailedExec } from "./tool.js"
import {
  type CheckResult,
  failures,
  installCheck,
  type Tried,
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
}

function readFiles({ dist, source }: VerifyRequest): Promise<Read> {
  const tools = withTools("verify.py", "checks.py", "archives.py")
  const container = base()
    .with(withLocked("release"))
    .with(tools)
    .withMountedDirectory("/dist", dist)
  const command = ["/opt/release/bin/python", "/tools/verify.py"]
  command.push("--dist", "/dist")
  if (source === undefined) return ask(container, "Verifying", command)
  const folder = source.path === "." ? SOURCE : `${SOURCE}/${source.path}`
  return ask<Read>(container.with(withSource(source)), "Verifying", [
    ...command,
    ...["--project", folder],
  ])
}

/** What a container's command printed, also where it ended with a problem. */
async function tried(container: Container, what: string, command: string[]) {
  try {
    return JSON.parse(await container.withExec(command).stdout()) as Tried
  } catch (error) {
    if (!isFailedExec(error)) throw error
    return answerOf(what, error)
  }
}

/** The answer of tools/install.py or confirm.py that ended with exit code 1. */
export function answerOf(
  what: string,
  failed: { exitCode: number; stdout: string; stderr: string },
): Tried {
  const said = explain(what, failed).message
  try {
    const answer = JSON.parse(failed.stdout) as Tried
    const output = answer.imported === undefined ? [said] : []
    return { ...answer, problems: [...answer.problems, ...output] }
  } catch {
    return { problems: [said] }
  }
}

async function tryFile(
  { dist, source, python }: VerifyRequest,
  { name, project, version }: NamedFile,
): Promise<CheckResult> {
  const container = base(python)
    .with(withTools("install.py", "smoke.py", "environment.py"))
    .withMountedFile(`/dist/${name}`, dist.file(name))
  const command = ["python", "/tools/install.py", "--python", python]
  command.push("--name", project, `/dist/${name}`)
  const what = `Installing ${name}`
  if (source === undefined || !name.endsWith(".tar.gz")) {
    return installCheck(name, version, await tried(container, what, command))
  }
  // The tools that built it build it again, and come from uv's cache.
  const backend = await backendContainer(source.project, python)
  const pinned = container.withMountedFile(
    CONSTRAINTS,
    backend.container.file(CONSTRAINTS),
  )
  const constrained = [...command, "--build-constraint", CONSTRAINTS]
  return installCheck(name, version, await tried(pinned, what, constrained))
}

/**
 * Runs every check on a distribution: the files read, and each of them
 * installed on its own, in parallel.
 *
 * @throws one error that names every check that failed, and what it found
 */
export async function verifyDist(
  request: VerifyRequest,
): Promise<VerifyReport> {
  const named = distFiles(await request.dist.entries())
  const { project = "", version = "" } = named[0] ?? {}
  const installable = named.filter((file) =>
    installsOn(file, request.python, process.arch),
  )
  const [read, ...installs] = await Promise.all([
    readFiles(request),
    ...installable.map((file) => tryFile(request, file)),
  ])
  const checks = [
    ...read.checks,
    versionCheck(version, read.versions),
    ...installs,
  ]
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

/** The report for people. */
export function verifyPage(report: VerifyReport): Page {
  const { project, version, files, checks } = report
  return {
    title: `${project} ${version}: ${checks.length} checks passed`,
    facts: [],
    tables: [
      [
        ["file", "bytes", "sha256"],
        ...files.map((file) => [file.name, String(file.size), file.sha256]),
      ],
      [
        ["check", "protects from"],
        ...checks.map((check) => [check.id, check.protects]),
      ],
    ],
    notes: checks.flatMap((check) => check.notes),
  }
}
