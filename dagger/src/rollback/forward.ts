import { eq, explain } from "@renovatebot/pep440"
import { bumped } from "../next-version/bump.js"
import { type LogCommit, subjectOf } from "../next-version/commits.js"
import { standing as standingOf } from "../next-version/reverts.js"

/** A release to come that repairs a bad one. */
export interface Forward {
  /** The tag to make. */
  tag: string
  /** When it is the right one. */
  when: string
  /** Shell lines that make it, in order. */
  commands: string[]
  /** Its notes, as Markdown. */
  notes: string
}

/** A release to come, before its notes are written. */
export interface Prepared extends Forward {
  /** Commits after the bad release that are no part of it. */
  skip: string[]
}

/** What the way forward is decided on. */
export interface ForwardFacts {
  version: string
  /** The tag of the bad release. */
  tag: string
  /** Versions that cannot be had any more. */
  taken: string[]
  /** Commits that came after the bad release, the newest first. */
  commits: LogCommit[]
  /** A version as the project spells its tags. */
  spell(version: string): string
}

const PACKAGING =
  /^(build(\([^()]*\))?|fix\((build|deps|dist|packag\w+|sdist|wheel)\))!?: /i
const MENDING = /^((fix|revert)(\([^()]*\))?!?: |Revert "|fix(e[sd])? )/i
/** What does not change the files that people install. */
const QUIET = /^(chore|ci|docs?|style|tests?)(\([^()]*\))?: /i

interface Way {
  when: string
  /** The version that comes after one. */
  next(version: string): string
  /** Whether a commit is part of it. */
  takes(subject: string): boolean
  /** What is done where no commit does it yet. */
  work: string
  /** What its notes begin with. */
  says(version: string): string
}

/** `1.2.0.post1` after `1.2.0`, `1.2.0.post2` after that. */
function nextPost(version: string): string {
  const [, release = version, number = "0"] =
    /^(.*?)\.post(\d+)$/.exec(version) ?? []
  return `${release}.post${Number(number) + 1}`
}

/** `1.2.1` after `1.2.0`, and `1.2.0rc2` after `1.2.0rc1`. */
function nextPatch(version: string): string {
  const [, release, number] = /^(.*(?:a|b|rc))(\d+)$/.exec(version) ?? []
  return release === undefined
    ? bumped(version, "patch")
    : `${release}${Number(number) + 1}`
}

const POST: Way = {
  when: "Where the packaging is wrong",
  next: nextPost,
  takes: (subject) => PACKAGING.test(subject),
  work: "# mend the packaging alone, and commit it",
  says: (version) =>
    `The packaging of ${version} is mended; the code is the same.`,
}

const PATCH: Way = {
  when: "Where the code is wrong",
  next: nextPatch,
  takes: (subject) => MENDING.test(subject) || PACKAGING.test(subject),
  work: "git revert COMMIT # the one that broke it",
  says: (version) => `Replaces ${version}, which is not to be used.`,
}

/** The ways on from a release; a dev release is followed by each commit. */
function waysFrom(version: string): Way[] {
  const read = explain(version)
  if (read?.is_devrelease) return []
  return read?.is_prerelease ? [PATCH] : [POST, PATCH]
}

function prepare(way: Way, facts: ForwardFacts): Prepared {
  const { version, tag: bad, taken, commits, spell } = facts
  let next = way.next(version)
  while (taken.some((it) => eq(it, next))) next = way.next(next)
  const tag = spell(next)
  // A merge changes nothing that the commits it brings do not.
  const standing = standingOf(commits).commits
  const single = standing.filter((it) => it.parents.length < 2)
  const part = single.filter((it) => way.takes(subjectOf(it)))
  const rest = single.filter((it) => !part.includes(it))
  const ids = part.map(({ id }) => id.slice(0, 9)).reverse()
  const clean = rest.every((it) => QUIET.test(subjectOf(it)))
  return {
    ...{ tag, when: way.when, notes: way.says(version) },
    skip: commits.filter((it) => !part.includes(it)).map(({ id }) => id),
    commands: [
      // What else came since is for another release.
      ...(clean ? [] : [`git switch -c mend-${tag} ${bad}`]),
      ...(part.length === 0 ? [way.work] : []),
      ...(clean || part.length === 0
        ? []
        : [`git cherry-pick ${ids.join(" ")}`]),
      `git tag ${tag} && git push origin ${tag}`,
    ],
  }
}

/**
 * The releases that repair a bad one: with the commits after it that mend
 * something, and no others.
 */
export function prepareForward(facts: ForwardFacts): Prepared[] {
  return waysFrom(facts.version).map((way) => prepare(way, facts))
}

/** A release to come with its notes; `body` is what its commits say. */
export function withNotes({ skip: _, ...next }: Prepared, body: string) {
  const notes = [next.notes, body].filter((it) => it !== "").join("\n\n")
  return { ...next, notes } satisfies Forward
}
