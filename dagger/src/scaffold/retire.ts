import { isPackaging } from "../commands.js"
import { table, text } from "../toml.js"
import {
  calledBy,
  type Evidence,
  evidenceOf,
  stepEvidence,
  stepName,
} from "../uploading.js"
import {
  eventsOf,
  isUnreadable,
  type Job,
  needsOf,
  readWorkflow,
  type Workflow,
} from "../workflow.js"
import { isOwn } from "./choices.js"
import { withoutJobs } from "./cut.js"
import { type Follower, type Following, followersOf } from "./followers.js"

/** The jobs that scaffold writes: templates/deploy.yml, templates/releasing.yml. */
export const OWN_JOBS = [
  ...["build", "rehearse", "testpypi", "pypi", "install", "release", "notify"],
  ...["next-version", "changelog", "rollback"],
]

/** What becomes of a workflow that publishes, beside the one written now. */
export interface Retirement {
  path: string
  /** Ids of the jobs that are taken out. */
  jobs: string[]
  /** Those among them that waited for what publishes. */
  followers: Follower[]
  /** What the others did besides building and publishing. */
  lost: string[]
  /** What is left of it; null where nothing is. */
  text: string | null
  /** Where that is written: another path where the new workflow takes its own. */
  to: string
}

/** A workflow that publishes, or may, and is left as it is. */
export interface Remaining {
  path: string
  jobs: string[]
  why: string
}

export interface Retired {
  retired: Retirement[]
  remaining: Remaining[]
}

/** A workflow, its jobs that publish, and why they are taken for such. */
interface Publisher {
  workflow: Workflow
  sure: Job[]
  doubtful: [Job, Evidence][]
}

function publisher(workflow: Workflow, all: Workflow[]): Publisher {
  const found = workflow.jobs.map((job) => ({
    job,
    evidence: evidenceOf(workflow, job, all),
  }))
  return {
    workflow,
    sure: found
      .filter(({ evidence }) => evidence.some((it) => it.sure))
      .map(({ job }) => job),
    doubtful: found.flatMap(({ job, evidence }): [Job, Evidence][] => {
      const [first] = evidence
      const sure = evidence.some((it) => it.sure)
      return first === undefined || sure ? [] : [[job, first]]
    }),
  }
}

/** Whether a job does nothing but make a distribution, once, or print. */
function onlyPackages({ data, steps }: Job): boolean {
  return (
    data.uses === undefined &&
    data.strategy === undefined &&
    steps.every(isPackaging)
  )
}

/** Some jobs, with those that are there for nothing but them. */
function withBuilds(publishing: Job[], jobs: Job[]): Job[] {
  const going = new Set(publishing)
  const ids = () => [...going].map((job) => job.id)
  const wanted = (job: Job) =>
    [...going].some((it) => needsOf(it).includes(job.id))
  for (let before = 0; before !== going.size; ) {
    before = going.size
    for (const job of jobs.filter(wanted).filter(onlyPackages)) {
      const users = jobs.filter((it) => needsOf(it).includes(job.id))
      if (users.every((it) => ids().includes(it.id))) going.add(job)
    }
  }
  return jobs.filter((job) => going.has(job))
}

/** What jobs do besides building and publishing. */
function sidework(workflow: Workflow, jobs: Job[]): string[] {
  return jobs.flatMap((job) =>
    job.steps
      .filter((step) => !isPackaging(step))
      .filter((step) => stepEvidence(workflow, job, step).length === 0)
      .map((step) => `${job.id}: ${stepName(step)}`),
  )
}

/** The names of the workflows whose runs start one. */
function startedBy({ data }: Workflow): unknown {
  return table(table(data.on).workflow_run).workflows
}

/** The workflows that call one, or are started by its runs. */
function dependents({ path, data }: Workflow, all: Workflow[]): string[] {
  const name = text(data.name) ?? path
  return all
    .filter((it) => it.path !== path)
    .filter(
      (it) =>
        it.jobs.some((job) => calledBy(job, all)?.path === path) ||
        [startedBy(it)].flat().includes(name),
    )
    .map((it) => it.path)
}

/** Why jobs cannot be taken out of a workflow; undefined where they can. */
function obstacle(
  { workflow }: Publisher,
  going: Job[],
  { kept }: Following,
  all: Workflow[],
): string | undefined {
  const stays = workflow.jobs.filter((job) => !going.includes(job))
  if (kept.length > 0) {
    const ids = kept.map(({ id }) => id).join(", ")
    const works = kept.map(({ id, work }) => `${id}: ${work}`).join("; ")
    return `${ids} would wait for what is gone, with work that the new workflow does not do (${works})`
  }
  if (workflow.text.includes("\uFFFD")) return "it is not in UTF-8"
  const others = stays.length > 0 ? [] : dependents(workflow, all)
  if (others.length > 0) return `${others.join(", ")} would miss it`
  return eventsOf(workflow.data.on).includes("workflow_call")
    ? "other workflows call it"
    : undefined
}

/** Where the rest of a workflow goes whose name is taken. */
function besides(path: string): string {
  return path.replace(/(\.ya?ml)$/, "-rest$1")
}

/** What becomes of one workflow. */
function fate(found: Publisher, all: Workflow[], written: string): Retired {
  const { workflow, sure, doubtful } = found
  const { path } = workflow
  const following = followersOf(sure, workflow.jobs)
  const { gone: followers } = following
  const follows = ({ id }: Job) => followers.some((it) => it.id === id)
  const left = doubtful
    .filter(([job]) => !follows(job))
    .map(
      ([job, { what }]): Remaining => ({
        ...{ path, jobs: [job.id] },
        why: `nothing shows whether that goes to PyPI (${what})`,
      }),
    )
  if (sure.length === 0) return { retired: [], remaining: left }
  const published = [...sure, ...workflow.jobs.filter(follows)]
  const going = withBuilds(published, workflow.jobs)
  const jobs = going.map(({ id }) => id)
  const why = obstacle(found, going, following, all)
  if (why !== undefined) {
    const ids = sure.map(({ id }) => id)
    return { retired: [], remaining: [{ path, jobs: ids, why }, ...left] }
  }
  const others = going.filter((job) => !follows(job))
  const lost = sidework(workflow, others)
  const to = path === written ? besides(path) : path
  const retirement = { path, jobs, followers, lost, to }
  if (jobs.length === workflow.jobs.length)
    return { retired: [{ ...retirement, text: null }], remaining: [] }
  const rest = withoutJobs(path, workflow.text, jobs)
  if (rest === undefined) {
    const reason = "its jobs are not on lines of their own"
    return { retired: [], remaining: [{ path, jobs, why: reason }, ...left] }
  }
  const moved = left.map((it) => ({ ...it, path: to }))
  return { retired: [{ ...retirement, text: rest }], remaining: moved }
}

/** Jobs that somebody added to a workflow of scaffold's own. */
function addedJobs({ jobs }: Workflow): string[] {
  return jobs.map(({ id }) => id).filter((id) => !OWN_JOBS.includes(id))
}

/**
 * Which workflows publish to PyPI already, and what is left of them: two
 * workflows would both publish a tag. Only the jobs that surely do are taken
 * out, with those that build for them alone, and those that wait for them to
 * make a release on GitHub or to tell of it; what is in doubt is left, and named.
 *
 * @param texts - files by path; those that are no workflows are passed over
 * @param written - the path of the workflow that is written
 * @throws a sentence where what stays needs an anchor of what goes
 */
export function retire(
  texts: Record<string, string>,
  written: string,
): Retired {
  const all = Object.entries(texts).flatMap(([path, content]) => {
    const workflow = readWorkflow(path, content)
    return isUnreadable(workflow) ? [] : workflow
  })
  const fates = all.map((workflow): Retired => {
    const { path } = workflow
    if (!isOwn(workflow.text) || addedJobs(workflow).length > 0)
      return fate(publisher(workflow, all), all, written)
    const { sure } = publisher(workflow, all)
    if (path === written || sure.length === 0)
      return { retired: [], remaining: [] }
    const jobs = workflow.jobs.map(({ id }) => id)
    const rest = { followers: [], lost: [], text: null, to: path }
    return { retired: [{ path, jobs, ...rest }], remaining: [] }
  })
  return {
    retired: fates.flatMap((it) => it.retired),
    remaining: fates.flatMap((it) => it.remaining),
  }
}

/**
 * Refuses to write over a workflow that is neither scaffold's own nor one that
 * is replaced as it publishes, and to lose what else that does.
 *
 * @param texts - files by path
 * @throws a sentence that says what to pass instead
 */
export function checkWritten(
  texts: Record<string, string>,
  written: string,
  { retired, remaining }: Retired,
): void {
  const there = texts[written]
  if (there === undefined) return
  if (isOwn(there)) {
    const own = readWorkflow(written, there)
    const added = isUnreadable(own) ? [] : addedJobs(own)
    if (added.length === 0) return
    throw new Error(
      `${written} has jobs that scaffold did not write, and that would be lost: ${added.join(", ")}. Move them to another workflow, and call again.`,
    )
  }
  const replaced = retired.find(({ path }) => path === written)
  const another = "Pass another name, such as --file=publish-to-pypi.yml"
  if (replaced === undefined) {
    const [held] = remaining.filter(({ path }) => path === written)
    const reason =
      held === undefined
        ? "it is another workflow, which does not publish"
        : `${held.jobs.join(", ")} publishes there, or may, and cannot be taken out: ${held.why}`
    throw new Error(
      `${written} would be written over, and ${reason}. ${another}, or move that file away.`,
    )
  }
  if (replaced.text !== null && texts[replaced.to] !== undefined)
    throw new Error(
      `${written} does more than to publish, and ${replaced.to}, where the rest of it would go, is there already. ${another}, or move that file away.`,
    )
}
