import { compare } from "@renovatebot/pep440"
import { named } from "../ref.js"
import { type LogCommit, subjectOf } from "./commits.js"
import { askedBy, type Level } from "./conventional.js"
import { type NextFacts, tagFor } from "./facts.js"

/** What was decided on them. */
export interface Decided {
  version: string
  level: Level
  /** Commits that were not taken back. */
  standing: LogCommit[]
}

function listed(commits: LogCommit[]): string {
  return named(commits.map((it) => `${it.id.slice(0, 9)} (${subjectOf(it)})`))
}

/** Something worth knowing that stops nothing; null where it is not so. */
type Notice = (facts: NextFacts, next: Decided) => string | null

function unconventional(_: NextFacts, { standing }: Decided) {
  const odd = standing.filter((commit) => !askedBy(commit).conventional)
  return odd.length === 0
    ? null
    : `Not conventional commits, so counted as fixes: ${listed(odd)}.`
}

function quiet({ wanted }: NextFacts, next: Decided) {
  const none = next.level === "none" && next.standing.length > 0
  return wanted === "final" && none
    ? "No commit changes what people install (docs, tests and the like): a patch, where it is to be released at all."
    : null
}

function nothingLeft({ log }: NextFacts, { standing }: Decided) {
  return log.commits.length > 0 && standing.length === 0
    ? "Every commit since was taken back again, so the release would have nothing new. Make none, unless you mean to."
    : null
}

function zero({ project }: NextFacts, next: Decided) {
  return next.level === "major" && /^0\./.test(next.version)
    ? `Before 1.0 a breaking change makes a minor version. 1.0.0 is yours to decide: git tag ${tagFor("1.0.0", project, undefined)}.`
    : null
}

function postShipsMore({ wanted }: NextFacts, next: Decided) {
  const more = next.standing.filter(
    (commit) => !["none", "patch"].includes(askedBy(commit).level),
  )
  return wanted === "post" && more.length > 0
    ? `A post-release is for the packaging alone, and these commits change the code: ${listed(more)}.`
    : null
}

function lower({ held }: NextFacts, { version }: Decided) {
  const newest = [...(held ?? [])].sort(compare).at(-1)
  return newest !== undefined && compare(version, newest) < 0
    ? `The index has ${newest}, which is higher than ${version}: right for a backport only.`
    : null
}

const NOTICES: Notice[] = [
  ...[unconventional, quiet, nothingLeft, zero, postShipsMore, lower],
]

/** Everything worth knowing of the next version, in sentences. */
export function nextNotices(facts: NextFacts, next: Decided): string[] {
  return NOTICES.flatMap((notice) => notice(facts, next) ?? [])
}
