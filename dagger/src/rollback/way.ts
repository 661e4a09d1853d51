import { forgeOf } from "../changelog/forge.js"
import { renderNotes } from "../changelog/render.js"
import { readLog } from "../next-version/commits.js"
import type { Source } from "../source.js"
import { releaseTags } from "../tag.js"
import {
  type Forward,
  type ForwardFacts,
  prepareForward,
  withNotes,
} from "./forward.js"

/** What is said of the way forward. */
export interface ForwardRequest
  extends Pick<ForwardFacts, "version" | "taken" | "spell"> {
  /** The tag of the bad release; null where it is not behind HEAD. */
  tag: string | null
  repository: string
}

/** The releases that would repair a bad one, with their notes. */
export async function forwardOf(
  source: Source,
  { version, tag, taken, spell, repository }: ForwardRequest,
): Promise<Forward[]> {
  const log = await readLog(source, tag, null)
  const tagged = releaseTags(log.tags, source.project.tagging)
  const prepared = prepareForward({
    ...{ version, spell, tag: tag ?? spell(version) },
    taken: [...taken, ...tagged.map((it) => it.version)],
    // Without the tag nothing says which commits came after it.
    commits: tag === null ? [] : log.commits,
  })
  if (tag === null) return prepared.map((it) => withNotes(it, ""))
  const bodies = await renderNotes(
    source,
    prepared.map(({ skip }) => ({ from: tag, to: null, skip })),
    forgeOf(repository, log.remote),
  )
  return prepared.map((it, place) => withNotes(it, bodies[place] ?? ""))
}
