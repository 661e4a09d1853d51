import { base, SOURCE, withTools } from "../container.js"
import { type Source, withSource } from "../source.js"
import { ask } from "../tool.js"

/** A commit, as git tells it. */
export interface LogCommit {
  /** Full id. */
  id: string
  /** Full ids; a merge has two or more. */
  parents: string[]
  /** Subject and body. */
  message: string
}

/** The first line of a commit's message. */
export function subjectOf({ message }: LogCommit): string {
  return message.split(/\r?\n/, 1)[0] ?? ""
}

/** What tools/commits.py prints. */
export interface Log {
  /** Those of the release, the newest first. */
  commits: LogCommit[]
  /** How many commits came after the newest release of any kind. */
  fresh: number
  /** Every tag of the repository, on whatever branch. */
  tags: string[]
  /** The URL of `origin`, without credentials; null where there is none. */
  remote: string | null
}

/**
 * Asks git for the commits of a release.
 *
 * @param since - the tag that they come after; null for all
 * @param newest - the tag that fresh ones come after; null for all
 */
export function readLog(
  source: Source,
  since: string | null,
  newest: string | null,
): Promise<Log> {
  return ask<Log>(
    base()
      .with(withTools("commits.py", "repository.py"))
      .with(withSource(source)),
    "Reading the commits",
    ["python", "/tools/commits.py", "--root", SOURCE, "--path", source.path],
    { since, newest },
  )
}
