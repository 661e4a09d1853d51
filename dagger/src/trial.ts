import type { Container, Directory } from "@dagger.io/dagger"
import { backendContainer, CONSTRAINTS } from "./backend.js"
import { base, withTools } from "./container.js"
import { installsOn, type NamedFile } from "./dist.js"
import { type Available, ends } from "./interpreters.js"
import type { Source } from "./source.js"
import { explain, type FailedExec, isFailedExec } from "./tool.js"
import {
  type CheckResult,
  installCheck,
  lackingNote,
  type Tried,
} from "./verdict.js"

/** What to install, and with what. */
export interface TrialRequest {
  dist: Directory
  source?: Source
  /** The interpreter where none of those promised is to be had. */
  python: string
}

/** What a container's command printed, also where it ended with a problem. */
export async function tried<Answer>(
  container: Container,
  command: string[],
  answerOf: (failed: FailedExec) => Answer,
): Promise<Answer> {
  try {
    return JSON.parse(await container.withExec(command).stdout()) as Answer
  } catch (error) {
    if (!isFailedExec(error)) throw error
    return answerOf(error)
  }
}

/** The answer of extras.py or confirm.py that ended with exit code 1. */
export function answerOf(what: string, failed: FailedExec): Tried {
  const said = explain(what, failed).message
  try {
    const answer = JSON.parse(failed.stdout) as Tried
    const output = answer.imported === undefined ? [said] : []
    return { ...answer, problems: [...answer.problems, ...output] }
  } catch {
    return { problems: [said] }
  }
}

/** What tools/install.py printed that ended with exit code 1, by file. */
export function answersOf(
  what: string,
  names: string[],
  failed: FailedExec,
): Record<string, Tried> {
  try {
    return JSON.parse(failed.stdout) as Record<string, Tried>
  } catch {
    const problems = [explain(what, failed).message]
    return Object.fromEntries(names.map((name) => [name, { problems }]))
  }
}

/** Files that are tried on one interpreter. */
export interface Trial {
  python: string
  files: NamedFile[]
}

/**
 * Installs files on one interpreter, in one command. Interpreters have paths
 * of their own for them: uv locks what it builds by its path, and two would
 * wait for each other.
 */
async function tryFiles(
  { dist, source, python: builder }: TrialRequest,
  { python, files }: Trial,
): Promise<CheckResult[]> {
  const mounted = files.reduce(
    (container, { name }) =>
      container.withMountedFile(`/dist/${python}/${name}`, dist.file(name)),
    base(python).with(withTools("install.py", "smoke.py", "environment.py")),
  )
  const names = files.map(({ name }) => name)
  const command = ["python", "/tools/install.py", "--python", python]
  command.push(...files.slice(0, 1).flatMap((it) => ["--name", it.project]))
  command.push(...names.map((name) => `/dist/${python}/${name}`))
  const what = `Installing ${names.join(" and ")}`
  const sdists = files.some(({ kind }) => kind === "sdist")
  // The tools that built it build it again, and come from uv's cache. On
  // other interpreters the pins may not even fit: it is built as for anybody.
  const backend =
    source !== undefined && sdists && python === builder
      ? await backendContainer(source.project, builder)
      : null
  const pins = backend?.container.file(CONSTRAINTS)
  const container = pins ? mounted.withMountedFile(CONSTRAINTS, pins) : mounted
  if (pins) command.push("--build-constraint", CONSTRAINTS)
  const answers = await tried(container, command, (failed) =>
    answersOf(what, names, failed),
  )
  const untold = { problems: ["it was not tried"] }
  return files.map(({ name, version }) =>
    installCheck(name, version, answers[name] ?? untold, python),
  )
}

/** Each item's result, in their order, two at a time. */
export async function inPairs<Item, Result>(
  items: Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const queue = items.entries()
  const results: Result[] = []
  const work = async () => {
    for (const [at, item] of queue) results[at] = await run(item)
  }
  await Promise.all([work(), work()])
  return results
}

/** The files to try by interpreter, in the order of both. */
export function byPython(choices: [NamedFile, string[]][]): Trial[] {
  const trials = new Map<string, NamedFile[]>()
  for (const [file, pythons] of choices)
    for (const python of pythons)
      trials.set(python, [...(trials.get(python) ?? []), file])
  return [...trials].map(([python, files]) => ({ python, files }))
}

/**
 * Installs files on the lowest and on the highest interpreter that they
 * promise, that they are made for, and that the engine has; what it lacks is a
 * note. Two interpreters at a time, as builds of sdists take memory.
 */
export async function tryOnEnds(
  request: TrialRequest,
  files: NamedFile[],
  promised: string[],
  available: Available,
): Promise<CheckResult[]> {
  const lacking: CheckResult[] = []
  const choose = async (file: NamedFile): Promise<[NamedFile, string[]]> => {
    const fits = (python: string) => installsOn(file, python, process.arch)
    const found = await ends(promised.filter(fits), available)
    lacking.push(...lackingNote(file, found.lacking))
    const own = fits(request.python) ? [request.python] : []
    return [file, found.pythons.length > 0 ? found.pythons : own]
  }
  const choices = await Promise.all(files.map(choose))
  const done = await inPairs(byPython(choices), (trial) =>
    tryFiles(request, trial),
  )
  return [...done.flat(), ...lacking]
}
