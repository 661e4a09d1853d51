import { compare, eq, explain } from "@renovatebot/pep440"
import type { GitHubFacts, Step } from "../github/facts.js"
import { releaseOf } from "../release/decide.js"
import { readTag } from "../tag.js"
import type { Tagging } from "../tagging.js"

export const ROLLBACK_SCHEMA = "pypi-deploy/rollback/1"

/** PyPI takes files of a release for this long, and then never again. */
const COMPLETE_DAYS = 14

/** What an index has of the project. */
export interface IndexFile {
  name: string
  version: string
  yanked: boolean
}

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
  /** The tag that a post-release would have, and that a patch would have. */
  forward: { post: string; patch: string }
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
  /** What is done on request, in words, and whether it was. */
  steps: { what: string; done: boolean }[]
  /** What people do by hand, in order. */
  byHand: string[]
  /** How the next release repairs it. */
  forward: string[]
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

function missing({ version, files, expected }: RollbackFacts): string[] {
  const there = files.filter((it) => eq(it.version, version))
  const names = new Set(there.map((it) => it.name))
  if (expected !== null) return expected.filter((name) => !names.has(name))
  // Nothing says what was built; a release of wheels alone lacks its sdist.
  const sdist = there.some((it) => it.name.endsWith(".tar.gz"))
  return there.length > 0 && !sdist ? ["the sdist"] : []
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
  if (there.length === 0) return []
  if (there.every((it) => it.yanked)) {
    return [`${index} has ${project} ${version} yanked already.`]
  }
  const where = manage ?? `the index's own page of ${project} ${version}`
  return [
    `Yank ${project} ${version}: ${where}, Options, Yank. There is no API for it.`,
    `A yank hides the release from everyone who does not ask for exactly ==${version}; who pinned it still gets it, and it can be undone.`,
    "Do not delete it: its file names can never be used again, and pinned installs break.",
  ]
}

/** Decides what to do about a release. Changes nothing. */
export function decideRollback(facts: RollbackFacts): Rollback {
  const { project, version, files, forward, index } = facts
  const there = files.some((it) => eq(it.version, version))
  const lacks = there ? missing(facts) : []
  const state = !there ? "absent" : lacks.length > 0 ? "half" : "whole"
  const good = lastGood(version, files)
  const shared = { project, version, good, problem: null }
  if (state === "half") {
    return {
      ...{ ...shared, schema: ROLLBACK_SCHEMA, state, steps: [] },
      byHand: [
        `${index} lacks ${lacks.join(", ")} of ${project} ${version}: the publish broke off. Publish the same files again (--dist), which completes it and changes nothing that is there.`,
        `PyPI takes files for ${COMPLETE_DAYS} days after the first; after that a release that is half there stays so, and the way is a new version.`,
      ],
      forward: [],
    }
  }
  return {
    ...{ ...shared, schema: ROLLBACK_SCHEMA, state },
    steps: rollbackSteps(facts, good).map(({ what }) => ({
      what,
      done: false,
    })),
    byHand: byHand(facts),
    forward: there
      ? [
          `Where the packaging is wrong: mend it, git tag ${forward.post} && git push origin ${forward.post}.`,
          `Where the code is wrong: git revert what broke, git tag ${forward.patch} && git push origin ${forward.patch}.`,
        ]
      : [
          `${index} has no ${project} ${version}: nothing can be installed that would have to be taken back.`,
        ],
  }
}
