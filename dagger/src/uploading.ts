import { actionOf, linesOf } from "./commands.js"
import {
  credentialsIn,
  credentialsInScript,
  isCredential,
} from "./credentials.js"
import { type Table, table, text } from "./toml.js"
import type { Job, Step, Workflow } from "./workflow.js"

/** A command that uploads a distribution. */
interface Command {
  line: RegExp
  /** What else the project's settings may make of it. */
  doubtful?: boolean
}

/** Commands that upload a distribution, as they stand on a line of a script. */
const COMMANDS: Command[] = [
  { line: /\btwine\s+upload\b/ },
  { line: /\b(?:uv|poetry|flit|pdm|rye|maturin)\s+publish\b/ },
  { line: /\bhatch\s+(?:-\S+\s+)*publish\b/ },
  { line: /\bmaturin\s+upload\b/ },
  { line: /\bsetup\.py\s+(?:\S+\s+)*upload\b/ },
  { line: /\bsemantic-release\s+publish\b/, doubtful: true },
  { line: /\bcurl\b.*\bhttps:\/\/(?:upload|test)\.pypi\.org\/legacy\b/ },
  {
    line: /\bdagger\b.*\bpublish\b.*--index=(?:"?\$|pypi|testpypi|http)/,
  },
]

/** Actions that upload one, in lower case, and when they do. */
const ACTIONS: Record<string, (given: Table) => boolean> = {
  "pypa/gh-action-pypi-publish": () => true,
  "jrubics/poetry-publish": () => true,
  "casperdcl/deploy-pypi": () => true,
  "etils-actions/pypi-auto-publish": () => true,
  "pyo3/maturin-action": ({ command }) =>
    /^(?:publish|upload)$/.test(String(command)),
}

/** Flags, inputs and variables that name an index to upload to. */
const INDEX_FLAG =
  /\s(?:--repository(?:-url)?|--publish-url|--index(?:-url)?|--repo|-r)[\s=]+["']?([^\s"']+)/g
const INDEX_INPUT = /^(?:repository[-_](?:url|name)|repository|index[-_]url)$/
const INDEX_VARIABLE =
  /^(?:TWINE_REPOSITORY(?:_URL)?|UV_PUBLISH_(?:URL|INDEX)|HATCH_INDEX_(?:REPO|URL)|FLIT_INDEX(?:_URL)?|PDM_PUBLISH_REPO|MATURIN_REPOSITORY(?:_URL)?|POETRY_REPOSITORIES_\w+_URL)$/
/** PyPI and TestPyPI, as tools spell them. */
const PYPI =
  /^(?:|pypi|test-?_?pypi|main|test|https:\/\/(?:(?:upload|test)\.)?pypi\.org(?:\/.*)?)$/i

/** The part of a line that is run, where it begins with an echo. */
function run(line: string): string {
  return line.replace(/^(?:echo|printf)\b[^|&;]*/, "")
}

function commandOf(step: Step): Command | undefined {
  return linesOf(step)
    .map(run)
    .filter((line) => !/\s(?:--dry-run|--help)\b/.test(line))
    .flatMap((line) => COMMANDS.find((it) => it.line.test(line)) ?? [])
    .at(0)
}

/** Whether a step uploads to an index, by an action or a command. */
export function uploads(step: Step): boolean {
  const does = ACTIONS[actionOf(step).toLowerCase()]
  return does?.(table(step.data.with)) === true || commandOf(step) !== undefined
}

function named(values: Table, names: RegExp): string[] {
  return Object.entries(values)
    .filter(([name]) => names.test(name))
    .map(([, value]) => String(value ?? ""))
}

/** The indexes that a step is given, as it is told them. */
function indexesOf(workflow: Workflow, job: Job, step: Step): string[] {
  const script = linesOf(step).join("\n")
  return [
    ...[workflow.data.env, job.data.env, step.data.env].flatMap((env) =>
      named(table(env), INDEX_VARIABLE),
    ),
    ...named(table(step.data.with), INDEX_INPUT),
    ...linesOf(step)
      .flatMap((line) => line.split(/[;&|]+/))
      .filter((part) => COMMANDS.some((it) => it.line.test(part)))
      .flatMap((part) => [...part.matchAll(INDEX_FLAG)])
      .map(([, index = ""]) => index),
    ...[...script.matchAll(/\b([A-Z]\w+)=["']?([^\s"']*)/g)].flatMap(
      ([, name = "", index = ""]) => (INDEX_VARIABLE.test(name) ? index : []),
    ),
  ]
}

/** Whether nothing that a step is given names another index than PyPI's. */
function goesToPyPI(workflow: Workflow, job: Job, step: Step): boolean {
  return indexesOf(workflow, job, step).every((index) => PYPI.test(index))
}

/**
 * Whether a step uploads to another index for sure: one has its address, which
 * is not PyPI's, and none is PyPI.
 */
export function goesElsewhere(
  workflow: Workflow,
  job: Job,
  step: Step,
): boolean {
  const indexes = indexesOf(workflow, job, step).filter((it) => it !== "")
  return (
    indexes.some((index) => /^https?:/.test(index)) &&
    !indexes.some((index) => PYPI.test(index))
  )
}

/** Why a job is taken for one that publishes. */
export interface Evidence {
  /** Whether it publishes to PyPI or TestPyPI, and there is no doubt of it. */
  sure: boolean
  what: string
}

/** How a step is told: by its name, or else by what it does. */
export function stepName(step: Step): string {
  const { name, uses } = step.data
  return text(name) ?? text(uses) ?? linesOf(step)[0] ?? "an empty step"
}

/** Names of workflows, elsewhere, that one publishes a distribution with. */
const PUBLISHERS =
  /pypi|(?:^|\/)(?:python-)?publish(?:-(?:python|package|release|dist))?\.ya?ml/i
/** What a script or a target is called that publishes. */
const RELEASES = /\b(?:release|publish|upload|deploy)\b/i

/** The workflow of the same repository that a job calls; none where it does not. */
export function calledBy(
  job: Job,
  workflows: Workflow[],
): Workflow | undefined {
  const called = text(job.data.uses) ?? ""
  return workflows.find(({ path }) => called === `./${path}`)
}

function callEvidence(job: Job, workflows: Workflow[]): Evidence[] {
  const uses = text(job.data.uses)
  if (uses === undefined) return []
  const called = calledBy(job, workflows)
  const others = workflows.filter((it) => it !== called)
  const publishes =
    called === undefined
      ? PUBLISHERS.test(uses.replace(/@.*$/, "")) ||
        Object.keys(table(job.data.secrets)).some(isCredential)
      : called.jobs.some((it) => evidenceOf(called, it, others).length > 0)
  return publishes ? [{ sure: false, what: `it calls ${uses}` }] : []
}

/** Everything that speaks for one of its steps doing so. */
export function stepEvidence(
  workflow: Workflow,
  job: Job,
  step: Step,
): Evidence[] {
  const what = stepName(step)
  if (uploads(step)) {
    const doubtful = commandOf(step)?.doubtful === true
    return [{ sure: !doubtful && goesToPyPI(workflow, job, step), what }]
  }
  if (text(step.data.run) === undefined) return []
  const own = credentialsIn(step.data.env)
  const script = credentialsInScript(step)
  const given = [...own, ...script, ...credentialsIn(job.data.env)]
  const [name] = given.length > 0 ? given : credentialsIn(workflow.data.env)
  const meant =
    own.length + script.length > 0 ||
    linesOf(step).some((line) => RELEASES.test(run(line)))
  if (name === undefined || !meant) return []
  const secrets = Object.values(table(step.data.env)).join(" ")
  const pypi = own.length > 0 && /pypi/i.test(`${own.join(" ")} ${secrets}`)
  return [
    {
      sure: pypi && goesToPyPI(workflow, job, step),
      what: `${what}, with ${name}`,
    },
  ]
}

/**
 * Everything that speaks for a job publishing a distribution; nothing where it
 * does not.
 *
 * @param workflows - those of the repository, for jobs that call one
 */
export function evidenceOf(
  workflow: Workflow,
  job: Job,
  workflows: Workflow[],
): Evidence[] {
  const steps = job.steps.flatMap((step) => stepEvidence(workflow, job, step))
  const [given] = credentialsIn(job.data.env)
  const opaque = steps.length === 0 && given !== undefined
  return [
    ...steps,
    ...(opaque ? [{ sure: false, what: `it is given ${given}` }] : []),
    ...callEvidence(job, workflows),
  ]
}

/** Whether a job or the workflow gives it `id-token: write`. */
export function hasIdToken(permissions: unknown): boolean {
  return (
    permissions === "write-all" || table(permissions)["id-token"] === "write"
  )
}
