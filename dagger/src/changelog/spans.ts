import { compare, eq, explain } from "@renovatebot/pep440"
import type { Project } from "../project.js"
import { readTag, releaseTags, type VersionTag } from "../tag.js"

/** The commits of one release, between two tags. */
export interface Span {
  /** null for what is not released. */
  version: string | null
  /** As links name its end: a tag, there or to come, or `HEAD`. */
  tag: string
  /** The tag before; null for the beginning. */
  from: string | null
  /** The tag that ends it; null for HEAD. */
  to: string | null
}

/** What spans are made of. */
export interface SpanFacts {
  project: Project
  tagsAtHead: string[]
  tagsBehind: string[]
  /** `--version` and `--tag`; empty where not given. */
  version: string
  tag: string
}

function isFinal({ version }: VersionTag): boolean {
  return !explain(version)?.is_prerelease
}

/** The tag that is to be made, where it is named and not there. */
function comingTag({ project, tag, tagsAtHead, tagsBehind }: SpanFacts) {
  if (tag === "" || [...tagsAtHead, ...tagsBehind].includes(tag)) return null
  const read = readTag(tag, project.tagging)
  if (read.kind === "release") return { tag, version: read.version }
  throw new Error(
    `--tag=${tag} is no release of ${project.name}. Pass one such as v1.2.3 or v1.2.3rc1.`,
  )
}

function oneSpan(facts: SpanFacts, releases: VersionTag[]): Span {
  const { version, tag, project } = facts
  const wanted = explain(version.replace(/^v/, ""))
  if (wanted === null) {
    throw new Error(
      `--version=${version} is no version by PEP 440. Pass one such as 1.2.3, or leave it out for the whole changelog.`,
    )
  }
  const found = releases.find((it) => eq(it.version, wanted.public))
  const coming = comingTag(facts)
  if (coming !== null && !eq(coming.version, wanted.public)) {
    throw new Error(
      `--version=${version} and --tag=${tag} are two releases. Leave one of them out.`,
    )
  }
  // A candidate has what is new in it; a final release, what came after the
  // last final one.
  const before = releases.find(
    (it) =>
      compare(it.version, wanted.public) < 0 &&
      (wanted.is_prerelease || isFinal(it)),
  )
  const highest = releases.find(isFinal)?.version
  if (found === undefined && highest && compare(wanted.public, highest) < 0) {
    throw new Error(
      `${project.name} ${version} has no tag behind HEAD, and is lower than ${highest}, which has. Fetch the tags (git fetch --tags), or check out its branch.`,
    )
  }
  return {
    version: wanted.public,
    tag: found?.tag ?? coming?.tag ?? `v${wanted.public}`,
    from: before?.tag ?? null,
    to: found?.tag ?? null,
  }
}

/**
 * The spans of a changelog, the newest first: pre-releases are part of the
 * final release that they led to. With `--version`, of that one alone.
 *
 * @throws a sentence where there is no such release
 */
export function spansOf(facts: SpanFacts): Span[] {
  const { project, tagsAtHead, tagsBehind, version } = facts
  const releases = releaseTags([...tagsAtHead, ...tagsBehind], project.tagging)
  if (version !== "") return [oneSpan(facts, releases)]
  const finals = releases.filter(isFinal)
  const coming = comingTag(facts)
  const ends = finals.some((it) => tagsAtHead.includes(it.tag))
  const head: Span = {
    version: coming?.version ?? null,
    tag: coming?.tag ?? "HEAD",
    from: finals[0]?.tag ?? null,
    to: null,
  }
  const spans = finals.map((it, place) => ({
    ...{ version: it.version, tag: it.tag, to: it.tag },
    from: finals[place + 1]?.tag ?? null,
  }))
  return ends && coming === null ? spans : [head, ...spans]
}
