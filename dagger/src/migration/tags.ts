import type { Commit } from "../facts.js"
import { releaseTags } from "../tag.js"
import { type Tagging, versionText } from "../tagging.js"

type Tags = Pick<Commit, "tagsAtHead" | "tagsBehind">

/** Release tags, highest version first, each with what its version is after. */
function known({ tagsAtHead, tagsBehind }: Tags, tagging: Tagging) {
  return releaseTags([...tagsAtHead, ...tagsBehind], tagging).map((it) => ({
    ...it,
    prefix: String(versionText(it.tag, tagging)?.prefix),
  }))
}

/**
 * The tag of the current version, as this project spells its tags; null where
 * it has one.
 */
export function missingTag(
  tags: Tags,
  version: string,
  tagging: Tagging,
): string | null {
  const releases = known(tags, tagging)
  if (releases.some((tag) => tag.version === version)) return null
  const [highest = { prefix: "v" }] = releases
  return `${highest.prefix}${version.replace(/\+.*/, "")}`
}

/** What every release tag begins with; empty where they differ. */
export function tagPrefix(tags: Tags, tagging: Tagging): string {
  const [first = "v", ...others] = new Set(
    known(tags, tagging).map(({ prefix }) => prefix),
  )
  return others.length === 0 ? first : ""
}
