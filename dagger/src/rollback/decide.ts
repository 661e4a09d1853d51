import { compare, eq, explain } from "@renovatebot/pep440"
import type { GitHubFacts, Step } from "../github/facts.js"
import { releaseOf } from "../release/decide.js"
import { readTag } from "../tag.js"
import type { Tagging } from "../tagging.js"
import type { Forward } from "./forward.js"
import { completion, daysLeft, type IndexFile, missing } from "./half.js"

export const ROLLBACK_SCHEMA = "pypi-deploy/rollback/1"

/** What a rollback is decided on. */
export interface RollbackFacts {
  project: string
  version: string
  tag: string
  tagging: Tagging
  /** The project's page on PyPI or its like; null for other indexes. */
  manage: string | null
  index: string
  files: IndexFile[]
  /** Names of the release's files as they were built; null where not known. */
  expected: string[] | null
  /** The releases that would repair it. */
  forward: Forward[]
  /** Milliseconds since 1970. */
  now: number
  /** Who asks GitHub; null where no repository was given. */
  github: GitHubFacts | null
}

/** What can be undone, what cannot, and what comes next. */
export interface Rollback {
  schema: typeof ROLLBACK_SCHEMA
  project: string
  version: string
  /** `half` for one that lacks files: it is completed, not taken back. */
  state: "whole" | "half" | "absent"
  /** The last release before it that can be installed; null for none. */
  good: string | null
  /** Why that one cannot be installed; null where it can, or was not tried. */
  problem: string | null
  /** Whether it was asked for, and nothing is left to do. */
  applied: boolean
  /** What is done on request, in words, and whether it was. */
  steps: { what: string; done: boolean }[]
  /** What people do by hand, in order. */
  byHand: string[]
  /** The releases that repair it, of which one is made. */
  forward: Forward[]
}

/** The highest final release below a version that is there and not yanked. */
export function lastGood(version: string, files: IndexFile[]): string | null {
  const found = files.filter(
    (it) =>
      !it.yanked &&
      !explain(it.version)?.is_prerelease &&
      compare(it.version, version) < 0,
  )
  return (
    found
      .map((it) => it.version)
      .sort(compare)
      .at(-1) ?? null
  )
}

/** The steps on GitHub, and what each is called. */
export function rollbackSteps(
  { tag, tagging, github }: RollbackFacts,
  good: string | null,
): { what: string; step: Step }[] {
  if (github === null) return []
  const release = releaseOf(github)
  const back =
    release === null ||
    release.draft ||
    (release.immutable && release.prerelease)
      ? []
      : [
          {
            what: release.immutable
              ? `mark the GitHub release ${tag} as a pre-release (it cannot become a draft)`
              : `make the GitHub release ${tag} a draft again; the tag stays`,
            step: {
              ...{ does: "update" as const, release: release.id },
              changes: release.immutable
                ? { prerelease: true, make_latest: "false" as const }
                : { draft: true },
            },
          },
        ]
  const other = github.others.find((it) => {
    const read = readTag(it.tag, tagging)
    const same = good !== null && read.kind === "release"
    return same && eq(read.version, good) && !it.draft
  })
  const moves = other !== undefined && other.tag !== github.latest
  const lost = github.latest === tag || github.latest === null
  return moves && lost
    ? [
        // First, so that nobody is shown the bad one in between.
        {
          what: `show ${other.tag} as the latest release`,
          step: {
            ...{ does: "update" as const, release: other.id },
            changes: { make_latest: "true" as const },
          },
        },
        ...back,
      ]
    : back
}

function byHand(facts: RollbackFacts): string[] {
  const { project, version, manage, index, files } = facts
  const there = files.filter((it) => eq(it.version, version))
  if (there.every((it) => it.yanked)) {
    return [`${index} has ${project} ${version} yanked already.`]
  }
  const where = manage ?? `the index's own page of ${project} ${version}`
  return [
    `Yank ${project} ${version}: ${where}, Options, Yank. There is no API for it.`,
    `A yank hides the release from everyone who does not ask for exactly ==${version}; who pinned it still gets it, and it can be undone: https://docs.pypi.org/project-management/yanking/`,
    "Do not delete it: its file names can never be used again, and pinned installs break.",
  ]
}

/** Decides what to do about a release. Changes nothing. */
export function decideRollback(facts: RollbackFacts): Rollback {
  const { project, version, files, forward, index } = facts
  const there = files.some((it) => eq(it.version, version))
  const good = lastGood(version, files)
  const lacks = there ? missing(facts, good) : []
  const state = !there ? "absent" : lacks.length > 0 ? "half" : "whole"
  const shared = {
    ...{ schema: ROLLBACK_SCHEMA, project, version, state, good },
    ...{ problem: null, applied: false },
  } satisfies Partial<Rollback>
  if (state === "half") {
    const late = (daysLeft(facts) ?? 0) < 0
    return {
      ...{ ...shared, steps: [], byHand: completion(facts, lacks) },
      forward: late ? forward : [],
    }
  }
  const steps = rollbackSteps(facts, good)
  return {
    ...shared,
    steps: steps.map(({ what }) => ({ what, done: false })),
    byHand: there
      ? byHand(facts)
      : [
          `${index} has no ${project} ${version}: nothing can be installed that would have to be taken back.`,
        ],
    forward: there ? forward : [],
  }
}
