import type { Container, Directory } from "@dagger.io/dagger"
import { backendContainer, CONSTRAINTS } from "./backend.js"
import { base, withTools } from "./container.js"
import { installsOn, type NamedFile } from "./dist.js"
import { type Available, ends } from "./interpreters.js"
import type { Source } from "./source.js"
import { explain, isFailedExec } from "./tool.js"
import { type CheckResult, installCheck, type Tried } from "./verdict.js"

/** What to install, and with what. */
export interface TrialRequest {
  dist: Directory
  source?: Source
  /** The interpreter where none of those promised is to be had. */
  python: string
}

/** What a container's command printed, also where it ended with a problem. */
export async function tried(
  container: Container,
  what: string,
  command: string[],
): Promise<Tried> {
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
  { dist, source, python: builder }: TrialRequest,
  { name, project, version }: NamedFile,
  python: string,
): Promise<CheckResult> {
  const container = base(python)
    .with(withTools("install.py", "smoke.py", "environment.py"))
    .withMountedFile(`/dist/${name}`, dist.file(name))
  const command = ["python", "/tools/install.py", "--python", python]
  command.push("--name", project, `/dist/${name}`)
  const what = `Installing ${name}`
  // Elsewhere the pins may not even fit: it is built as for anybody.
  const pins = name.endsWith(".tar.gz") && python === builder
  if (source === undefined || !pins) {
    const answer = await tried(container, what, command)
    return installCheck(name, version, answer, python)
  }
  // The tools that built it build it again, and come from uv's cache.
  const backend = await backendContainer(source.project, builder)
  const pinned = container.withMountedFile(
    CONSTRAINTS,
    backend.container.file(CONSTRAINTS),
  )
  const constrained = [...command, "--build-constraint", CONSTRAINTS]
  const answer = await tried(pinned, what, constrained)
  return installCheck(name, version, answer, python)
}

/**
 * Installs one file on the lowest and on the highest interpreter that it
 * promises, that it is made for, and that the engine has.
 */
export async function tryOnEnds(
  request: TrialRequest,
  file: NamedFile,
  promised: string[],
  available: Available,
): Promise<CheckResult[]> {
  const fits = (python: string) => installsOn(file, python, process.arch)
  const found = await ends(promised.filter(fits), available)
  const own = fits(request.python) ? [request.python] : []
  const pythons = found.length > 0 ? found : own
  return Promise.all(pythons.map((python) => tryFile(request, file, python)))
}
