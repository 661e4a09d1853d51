import { actionOf, isPackaged, isPackaging, linesOf } from "../commands.js"
import { table, text } from "../toml.js"
import { stepName } from "../uploading.js"
import { type Job, needsOf, type Step } from "../workflow.js"

/** What a job does of a release once it is published. */
export type Sequel =
  | "release"
  | "signatures"
  | "provenance"
  | "slack"
  | "discord"

/** A job that waits for one that publishes, and does nothing but sequels. */
export interface Follower {
  id: string
  does: Sequel[]
}

/** A sequel, the actions (in lower case) and commands that it is done with. */
interface Row {
  does: Sequel
  actions: string[]
  line?: RegExp
}

const SEQUELS: Row[] = [
  {
    does: "release",
    actions: [
      ...["softprops/action-gh-release", "ncipollo/release-action"],
      ...["actions/create-release", "actions/upload-release-asset"],
    ],
    // Not in another repository, which `--repo` names.
    line: /^gh\s+release\s+(?:create|download|edit|list|upload|view)(?!.*\s(?:--repo|-R)[\s=]*["']?[^\s"']*\/)(?:\s(?:[^&|]|>&|&>)*)?$/,
  },
  {
    does: "signatures",
    actions: ["sigstore/gh-action-sigstore-python"],
    line: /^(?:python3?\s+-m\s+)?sigstore\s+sign\s[^&|]*$/,
  },
  { does: "provenance", actions: ["actions/attest-build-provenance"] },
  {
    does: "slack",
    actions: [
      ...["slackapi/slack-github-action", "8398a7/action-slack"],
      ...["rtcamp/action-slack-notify", "ravsamhq/notify-slack-action"],
    ],
  },
  {
    does: "discord",
    actions: [
      ...["sarisia/actions-status-discord", "ilshidur/action-discord"],
      ...["tsickert/discord-webhook", "appleboy/discord-action"],
    ],
  },
]

/** Parts of a script that look, say or steer, and do nothing else. */
const BESIDE =
  /^(?:(?:echo|printf|set|for|test|\[\[?|git\s+(?:describe|fetch|log))\s(?:[^&|]|>&|&>)*|(?:export\s+)?\w+=(?:"[^"]*"|'[^']*'|[^\s&|]*)|then|else|fi|do|done|true|:)$/
/** Commands in `$(…)` that only read. */
const READING =
  /\$\((?:basename|cat|git\s+(?:describe|log)|ls)(?:\s[^()`;&|]*)?\)/g

/** The commands of a line, without the words of the shell before them. */
function partsOf(line: string): string[] {
  return line
    .replace(/\$\{\{.*?\}\}/g, "$VALUE")
    .replace(READING, "$VALUE")
    .split(/\s*(?:&&|\|\||;)\s*/)
    .map((part) => part.replace(/^(?:(?:if|then|else|do|!)\s+)+/, ""))
    .filter((part) => part !== "")
}

/** Whether a part of a script does a sequel, prepares one, or only looks. */
function isKnown(part: string): boolean {
  if (/\$\(|`|[<>]\(/.test(part)) return false
  const does = SEQUELS.some(({ line }) => line?.test(part))
  return does || BESIDE.test(part) || isPackaged(part)
}

/** Whether a step is told to work in another repository. */
function isElsewhere({ data }: Step): boolean {
  const { owner, repo, repository } = table(data.with)
  return [owner, repo, repository, table(data.env).GH_REPO]
    .flatMap((it) => text(it) ?? [])
    .some((it) => !it.includes("github.repository"))
}

/** The sequels that a step does. */
function sequelsOf(step: Step): Sequel[] {
  const action = actionOf(step).toLowerCase()
  const parts = linesOf(step).flatMap(partsOf)
  return SEQUELS.filter(
    ({ actions, line }) =>
      actions.includes(action) || parts.some((part) => line?.test(part)),
  ).map(({ does }) => does)
}

/** Whether a step does anything but sequels, and what they need. */
function isOther(step: Step): boolean {
  const script = text(step.data.uses) === undefined
  if (!script && isPackaging(step)) return false
  if (isElsewhere(step)) return true
  return script
    ? !linesOf(step).flatMap(partsOf).every(isKnown)
    : sequelsOf(step).length === 0
}

function doesOf({ steps }: Job): Sequel[] {
  return [...new Set(steps.flatMap(sequelsOf))]
}

/** The jobs that some wait for, and those that these wait for. */
function gatesOf(waiting: Job[], jobs: Job[]): Set<string> {
  const gates = new Set(waiting.flatMap(needsOf))
  for (const id of gates)
    for (const job of jobs.filter((it) => it.id === id))
      for (const gate of needsOf(job)) gates.add(gate)
  return gates
}

/**
 * The work of a job that waits for one that publishes, which a workflow of
 * scaffold's does not do; empty where there is none.
 *
 * @param known - ids of jobs that it may wait for
 */
function ownWork(job: Job, known: Set<string>): string {
  const uses = text(job.data.uses)
  if (uses !== undefined) return uses
  const step = job.steps.find(isOther)
  if (step !== undefined) return stepName(step)
  const other = needsOf(job).find((id) => !known.has(id))
  if (other !== undefined) return `waits for ${other}, too`
  return doesOf(job).some((it) => it !== "provenance")
    ? ""
    : "neither makes a release nor tells of one"
}

/** What becomes of the jobs that wait for some that are taken out. */
export interface Following {
  /** Those that go with them. */
  gone: Follower[]
  /** Those that cannot, each with its work. */
  kept: { id: string; work: string }[]
}

/**
 * The jobs that wait for some that publish, for one another, and for nothing
 * but what these wait for, too.
 */
export function followersOf(publishing: Job[], jobs: Job[]): Following {
  const gates = gatesOf(publishing, jobs)
  const going = new Set(publishing.map(({ id }) => id))
  const waiting = () =>
    jobs
      .filter(({ id }) => !going.has(id))
      .filter((job) => needsOf(job).some((id) => going.has(id)))
      .map((job) => ({
        job,
        work: ownWork(job, new Set([...gates, ...going])),
      }))
  const gone: Job[] = []
  for (;;) {
    const next = waiting().filter(({ work }) => work === "")
    if (next.length === 0) break
    for (const { job } of next) {
      gone.push(job)
      going.add(job.id)
    }
  }
  return {
    gone: gone.map((job) => ({ id: job.id, does: doesOf(job) })),
    kept: waiting().map(({ job: { id }, work }) => ({ id, work })),
  }
}
