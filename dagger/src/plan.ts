import type { Channel } from "./channel.js"
import { commitRefusals } from "./gate.js"
import { type Holdings, holdingRefusals } from "./holdings.js"
import { type InstallAdvice, installAdvice } from "./install.js"
import { type Counted, publicVersion } from "./next.js"
import { notices } from "./notice.js"
import type { Source } from "./source.js"
import type { Target } from "./target.js"

/** Name and version of the plan's shape. */
export const PLAN_SCHEMA = "pypi-deploy/plan/1"

/** A gate, and what is known of it before anything runs. */
export interface Gate {
  id: "channel" | "commit" | "index" | "tests" | "checks" | "confirmation"
  /** `later`: it is looked at by publish. */
  state: "open" | "shut" | "later"
  /** What it waits for, or why it is shut. */
  says: string
}

/** Everything that is decided before anything runs. */
export interface Plan {
  schema: typeof PLAN_SCHEMA
  project: string
  /** Full id of the commit. */
  commit: string
  version: string
  /** Why it is that version, in words. */
  why: string
  /** Whether a tag is built, or a branch; and which, where it is known. */
  build: { kind: Source["build"]["kind"]; name: string | null }
  /** The tag that the version is counted from; null for the beginning. */
  tag: string | null
  /** Commits since that tag. */
  distance: number
  channel: Channel
  /** null where the release goes nowhere. */
  index: { id: string; upload: string; simple: string } | null
  /** What the index holds; null where there is none, or it did not answer. */
  held: Holdings | null
  gates: Gate[]
  notices: string[]
  /** null where the release goes nowhere. */
  install: InstallAdvice | null
}

/** What a plan is made of. */
export interface PlanFacts {
  source: Pick<Source, "project" | "commit" | "build">
  counted: Counted
  channel: Channel
  target: Target | null
  /** What the index said; its own words where it did not answer. */
  asked: { held: Holdings } | { problem: string } | null
}

function reasonOf({ source, counted }: PlanFacts): string {
  const { project, build } = source
  if (project.version !== undefined) return "pyproject.toml says so"
  if ("tag" in build) return `the tag ${build.tag} says so`
  const { tag, distance } = counted
  const commits = distance === 1 ? "1 commit" : `${distance} commits`
  return tag === null
    ? `${commits}, and no release tag that leads higher`
    : `${commits} since ${tag}, the tag that leads highest`
}

function gatesOf(facts: PlanFacts): Gate[] {
  const { source, counted, channel, target, asked } = facts
  const { project, commit } = source
  const gate = (id: Gate["id"], refusals: string[], says: string): Gate =>
    refusals.length > 0
      ? { id, state: "shut", says: refusals.join(" ") }
      : { id, state: "open", says }
  const deployed = channel.index === null ? [channel.why] : []
  const answer = asked && "problem" in asked ? [asked.problem] : []
  const held = asked && "held" in asked ? asked.held : null
  const unlike = held
    ? holdingRefusals(project, commit, held, counted.version)
    : []
  const later = (id: Gate["id"], says: string): Gate[] =>
    target === null ? [] : [{ id, state: "later", says }]
  return [
    gate("channel", deployed, channel.why),
    gate("commit", commitRefusals(project, commit), "nothing is edited"),
    ...(target === null
      ? []
      : [
          gate(
            "index",
            [...answer, ...unlike],
            "it answers, and fits the tags",
          ),
        ]),
    ...later("tests", "the project's tests pass on the built wheel"),
    ...later("checks", "every check of the distribution passes"),
    ...later(
      "confirmation",
      "the index serves the same bytes, and they install",
    ),
  ]
}

/** Makes the plan of what is known. */
export function planOf(facts: PlanFacts): Plan {
  const { source, counted, channel, target, asked } = facts
  const { project, commit, build } = source
  const held = asked && "held" in asked ? asked.held : null
  const version = publicVersion(counted.version)
  const name = "tag" in build ? build.tag : build.branch
  const simple = held?.simple ?? target?.simple ?? ""
  const question = { project, version, kind: channel.kind, held }
  return {
    schema: PLAN_SCHEMA,
    project: project.name,
    commit: commit.commit,
    version,
    why: reasonOf(facts),
    build: { kind: build.kind, name },
    tag: counted.tag,
    distance: counted.distance,
    channel,
    index: target && { id: target.id, upload: target.upload, simple },
    held,
    gates: gatesOf(facts),
    notices: notices({ project, commit, build, counted, held }),
    install: target && installAdvice({ ...question, target }),
  }
}
