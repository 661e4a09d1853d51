import { type LogCommit, subjectOf } from "./commits.js"

/** Which commits still stand, and which were taken back. */
export interface Standing {
  commits: LogCommit[]
  /** Commits that were reverted, and the reverts of them. */
  undone: LogCommit[]
}

/** The subject that a revert takes back, quoted in its own. */
const QUOTED = /^Revert "(.*)"(?: \([#!]\d+\))?$/
const TYPED = /^revert(?:\([^()]+\))?!?: +(.*)$/i
/** git's own words, and the footer that the convention proposes. */
const IDS = /(?:This reverts commit|^Refs:|,)\s+([0-9a-f]{7,40})\b/gm
/** GitHub's words for the revert of a pull request. */
const PULL = /^Reverts \S*[#!](\d+)\b/m

/** The commits that a revert names, of those before it, newest first. */
function namedBy(revert: LogCommit, before: LogCommit[]): LogCommit[] {
  const { message } = revert
  const subject = subjectOf(revert)
  const quoted = (QUOTED.exec(subject) ?? TYPED.exec(subject))?.[1]
  if (quoted === undefined && !/^This reverts commit/m.test(message)) return []
  const ids = [...message.matchAll(IDS)].map(([, id = ""]) => id)
  if (ids.length > 0) {
    return before.filter(({ id }) => ids.some((it) => id.startsWith(it)))
  }
  const pull = PULL.exec(message)?.[1]
  const ends = new RegExp(`\\([#!]${pull}\\)$`)
  const meant = (subject: string) =>
    pull === undefined ? subject === quoted : ends.test(subject)
  return before.filter((it) => meant(subjectOf(it))).slice(0, 1)
}

/** Ids of a commit and of everything behind it. */
function behind(id: string | undefined, log: LogCommit[]): Set<string> {
  const found = new Set(id === undefined ? [] : [id])
  // Newest first, so that one pass sees every child before its parents.
  for (const commit of log) {
    if (!found.has(commit.id)) continue
    for (const parent of commit.parents) found.add(parent)
  }
  return found
}

/** A commit and, of a merge, what it brought. */
function brought(commit: LogCommit, log: LogCommit[]): LogCommit[] {
  const [first, ...others] = commit.parents
  const main = behind(first, log)
  const sides = others.map((parent) => behind(parent, log))
  return log.filter(
    ({ id }) =>
      id === commit.id || (!main.has(id) && sides.some((side) => side.has(id))),
  )
}

/**
 * Takes away what was reverted before it was released, with its revert: the
 * release has neither. A revert of a release's commit stands, and the revert
 * of a revert brings the first commit back.
 *
 * @param log - the newest first
 */
export function standing(log: LogCommit[]): Standing {
  const undone = new Set<LogCommit>()
  log.forEach((revert, position) => {
    if (undone.has(revert)) return
    const before = log.slice(position + 1).filter((it) => !undone.has(it))
    const named = namedBy(revert, before)
    if (named.length === 0) return
    const gone = named.flatMap((commit) => brought(commit, log))
    for (const commit of [revert, ...gone]) undone.add(commit)
  })
  return {
    commits: log.filter((it) => !undone.has(it)),
    undone: log.filter((it) => undone.has(it)),
  }
}
