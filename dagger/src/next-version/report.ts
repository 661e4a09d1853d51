import type { Page } from "../page.js"
import { releaseTags, versionTags } from "../tag.js"
import { lastFinal, lastRelease, nextOf } from "./bump.js"
import { subjectOf } from "./commits.js"
import { askedBy, higher, type Level } from "./conventional.js"
import { type NextFacts, tagFor } from "./facts.js"
import { nextNotices } from "./notices.js"
import { standing } from "./reverts.js"

export const NEXT_SCHEMA = "pypi-deploy/next-version/1"

/** A commit of the release. */
export interface ReleasedCommit {
  /** Full id. */
  id: string
  subject: string
  /** What it asks for; `undone` for one that was reverted, and its revert. */
  asks: Level | "undone"
}

/** The tag to make, and why. */
export interface NextVersion {
  schema: typeof NEXT_SCHEMA
  project: string
  version: string
  tag: string
  /** The tag of the release that commits are counted from; null for none. */
  after: string | null
  /** The most that a commit asks for. */
  level: Level
  /** The newest first. */
  commits: ReleasedCommit[]
  /** What is worth knowing, in sentences. */
  notices: string[]
}

/**
 * The version to release next, and the commits that decide it.
 *
 * @throws a sentence where there is nothing to release
 */
export function nextVersionOf(facts: NextFacts): NextVersion {
  const { project, tags, wanted, log, held } = facts
  const { tagging, name } = project
  const releases = releaseTags(tags, tagging)
  const { commits, undone } = standing(log.commits)
  const level = commits.map((it) => askedBy(it).level).reduce(higher, "none")
  const everywhere = releaseTags(log.tags, tagging).map((it) => it.version)
  const version = nextOf({
    ...{ wanted, releases, level, fresh: log.fresh },
    commits: log.commits.length,
    cycles: versionTags(tags, tagging)
      .map((it) => it.version)
      .filter((it) => it.includes(".dev")),
    taken: [...everywhere, ...(held ?? [])],
  })
  const next = { version, level, standing: commits }
  return {
    schema: NEXT_SCHEMA,
    project: name,
    version,
    tag: tagFor(version, project, lastRelease(releases)?.tag),
    after: lastFinal(releases)?.tag ?? null,
    level,
    commits: log.commits.map((commit) => ({
      id: commit.id,
      subject: subjectOf(commit),
      asks: undone.includes(commit) ? "undone" : askedBy(commit).level,
    })),
    notices: nextNotices(facts, next),
  }
}

/** The report for people; the tag alone is its first line. */
export function nextPage(next: NextVersion): Page {
  const { tag, project, version, after, level, commits } = next
  const deciding = commits.filter((it) => it.asks === level)
  const row = ({ id, asks, subject }: ReleasedCommit) => [
    ...[id.slice(0, 9), asks, subject],
  ]
  const shown = deciding.slice(0, 20)
  const more = deciding.length - shown.length
  return {
    title: tag,
    facts: [
      ["release", `${project} ${version}`],
      ["after", after ?? "the beginning"],
      ["commits", `${commits.length}, and these decided`],
      ["make it", `git tag ${tag} && git push origin ${tag}`],
    ],
    tables: [[["commit", "asks for", "subject"], ...shown.map(row)]],
    notes: [
      ...(more > 0 ? [`${more} more commits ask for the same.`] : []),
      ...next.notices,
    ],
  }
}
