import compare from "semver/functions/compare.js"
import parse from "semver/functions/parse.js"
import { EngineError } from "../errors.js"
import { matches, readPatterns } from "../filesystem/pattern.js"

/** What `git ls-remote --symref` says of a repository. */
export interface Refs {
  /** The branch that HEAD is on, e.g. `refs/heads/main`. */
  head: string | undefined
  /** In git's order; an annotated tag has a second line, `NAME^{}`. */
  refs: { name: string; commit: string }[]
}

/** A name and its commit; for a commit, the name is its own. */
export interface Found {
  name: string
  commit: string
}

const COMMIT = /^[0-9a-f]{40}$/
const PEELED = "^{}"

/** Reads what `git ls-remote --symref` printed. */
export function readRefs(text: string): Refs {
  const lines = text.split("\n").filter((line) => line !== "")
  const symbolic = lines.find((line) => line.startsWith("ref: "))
  return {
    head: symbolic && /^ref: (\S+)\tHEAD$/.exec(symbolic)?.[1],
    refs: lines
      .filter((line) => line !== symbolic)
      .map((line) => {
        const [commit = "", name = ""] = line.split("\t")
        return { name, commit }
      }),
  }
}

/**
 * The ref of a name: a commit, a full name, or that of a tag or branch.
 *
 * @throws EngineError for one that the repository does not have
 */
export function findRef({ head, refs }: Refs, name: string): Found {
  if (COMMIT.test(name)) {
    return { name, commit: name }
  }
  const candidates =
    name === "HEAD"
      ? [head ?? name, name]
      : [name, `refs/tags/${name}`, `refs/heads/${name}`]
  for (const candidate of candidates) {
    const [ref, peeled] = ["", PEELED].map((end) =>
      refs.find((one) => one.name === `${candidate}${end}`),
    )
    const commit = peeled?.commit ?? ref?.commit
    if (commit !== undefined) {
      return { name: candidate, commit }
    }
  }
  throw new EngineError(`The repository does not contain ref "${name}".`)
}

/**
 * The names below `refs/heads/` or `refs/tags/` that match a pattern, which
 * may begin anywhere in them, as for `git ls-remote`. An annotated tag comes
 * twice, as on the Dagger engine.
 */
export function namesOf(
  { refs }: Refs,
  kind: "heads" | "tags",
  patterns: readonly string[] | null | undefined,
): string[] {
  const start = `refs/${kind}/`
  const wanted = readPatterns((patterns ?? []).map((one) => `**/${one}`))
  return refs
    .map(({ name }) => name.replace(PEELED, ""))
    .filter((name) => name.startsWith(start))
    .filter(
      (name) =>
        wanted.length === 0 || wanted.some((pattern) => matches(pattern, name)),
    )
    .map((name) => name.slice(start.length))
}

/** The highest tag that is a semantic version, pre-releases among them. */
export function latestVersion(refs: Refs): Found {
  const versions = namesOf(refs, "tags", undefined)
    .flatMap((tag) => parse(tag) ?? [])
    .sort(compare)
  const last = versions.at(-1)
  if (last === undefined) {
    throw new EngineError("The repository has no tag that is a version.")
  }
  return findRef(refs, `refs/tags/${last.raw}`)
}
