import { eq } from "@renovatebot/pep440"
import type { ListedFile } from "../holdings.js"
import type { RollbackFacts } from "./decide.js"

/** PyPI takes files of a release for this long, and then never again. */
const COMPLETE_DAYS = 14

/** What an index has of the project. */
export interface IndexFile extends ListedFile {
  version: string
}

/** What tells a half-published release, and how it is completed. */
type HalfFacts = Pick<
  RollbackFacts,
  "project" | "version" | "index" | "files" | "expected" | "now"
>

const SDIST = /\.(tar\.gz|zip)$/

/** What an index lacks of a release that it has files of. */
export function missing(facts: HalfFacts, good: string | null): string[] {
  const { version, files, expected } = facts
  const namesOf = (version: string) =>
    files.filter((it) => eq(it.version, version)).map((it) => it.name)
  const names = namesOf(version)
  if (expected !== null) return expected.filter((it) => !names.includes(it))
  if (good === null) return []
  // Nothing says what was built: it is what was published the last time. Wheels
  // go up first, so that an sdist alone is all that was to be published.
  const has = (version: string) => namesOf(version).some((it) => SDIST.test(it))
  return has(good) && !has(version) ? ["the sdist"] : []
}

const DAY = 24 * 60 * 60 * 1000

/** Days that an index still takes files of a release; null if it is not known. */
export function daysLeft({ version, files, now }: HalfFacts): number | null {
  const times = files
    .filter((it) => eq(it.version, version))
    .map((it) => Date.parse(it.uploaded))
  const first = Math.min(...times)
  return Number.isNaN(first)
    ? null
    : Math.floor((first + COMPLETE_DAYS * DAY - now) / DAY)
}

/** How a release is completed that lacks files. */
export function completion(facts: HalfFacts, lacks: string[]): string[] {
  const { index, project, version } = facts
  const days = daysLeft(facts)
  const broke = `${index} lacks ${lacks.join(", ")} of ${project} ${version}: the publish broke off.`
  if (days !== null && days < 0) {
    return [
      `${broke} It takes no more files for it, as the first is older than ${COMPLETE_DAYS} days: what is there stays so, and the way is a new version.`,
    ]
  }
  const until = days === null ? "" : `, ${days} from now`
  return [
    `${broke} Publish the same files again: \`publish --dist=dist --index=${index}\`, or the failed job once more. That completes it, and changes nothing that is there.`,
    `PyPI takes files for ${COMPLETE_DAYS} days after the first${until}; after that a release that is half there stays so, and the way is a new version.`,
  ]
}
