import { eq } from "@renovatebot/pep440"
import type { Project } from "../project.js"
import { readTag } from "../tag.js"
import { versionText } from "../tagging.js"
import type { Wanted } from "./bump.js"
import type { Log } from "./commits.js"

/** What the next version is decided on. */
export interface NextFacts {
  project: Project
  /** Tags at HEAD and behind it. */
  tags: string[]
  wanted: Wanted
  log: Log
  /** Versions that the index has; null where it was not asked. */
  held: string[] | null
}

/** A version as the project spells its tags. */
export function tagFor(
  version: string,
  { tagging }: Project,
  last: string | undefined,
): string {
  const like = last === undefined ? undefined : versionText(last, tagging)
  // The last is the project's own setting, or none.
  const [own = ""] = tagging.prefixes.slice(-1)
  const prefix = like?.prefix ?? (/v$/i.test(own) ? own : `${own}v`)
  const tags = [prefix, own].map((it) => it + version)
  const found = tags.find((tag) => {
    const read = readTag(tag, tagging)
    return read.kind === "release" && eq(read.version, version)
  })
  if (found !== undefined) return found
  throw new Error(
    `The project's tag settings read neither ${tags.join(" nor ")} as ${version}. Tag the release by hand, as they want it.`,
  )
}
