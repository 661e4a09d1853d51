import { compare, eq, explain } from "@renovatebot/pep440"
import { releasesOf } from "./dist.js"
import type { Commit } from "./facts.js"
import type { Project } from "./project.js"
import { versionTags } from "./tag.js"

/** A file that an index lists. */
export interface ListedFile {
  name: string
  yanked: boolean
  /** By ISO 8601; empty where the index does not say it. */
  uploaded: string
}

/** What tools/holdings.py prints. */
export interface Listing {
  /** The simple API's URL. */
  simple: string
  files: ListedFile[]
}

/** What an index holds of a project. */
export interface Holdings {
  simple: string
  /** How many versions there are. */
  releases: number
  /** The highest version that is not yanked; null where there is none. */
  newest: string | null
  /** The highest of those that is neither a pre-release nor a dev version. */
  newestFinal: string | null
  /** The highest that is no dev version, yanked or not. */
  newestRelease: string | null
  /** The highest release that any version there is of or comes before. */
  newestBase: string | null
  /** Names of the files of the version asked for. */
  files: string[]
}

/** The releases that versions are of or come before: 1.0 for 1.0.dev3. */
function basesOf(versions: string[]): string[] {
  return versions.flatMap((version) => explain(version)?.base_version ?? [])
}

function highest(versions: string[]): string | null {
  return versions.reduce<string | null>(
    (best, it) => (best === null || compare(it, best) > 0 ? it : best),
    null,
  )
}

/** Reads a listing, with one version in mind. */
export function readHoldings(
  {
    simple,
    files,
  }: { simple: string; files: Pick<ListedFile, "name" | "yanked">[] },
  version: string,
): Holdings {
  const found = files.flatMap(({ name, yanked }) =>
    releasesOf([name])
      .filter((file) => explain(file.version) !== null)
      .map((file) => ({ name, yanked, version: file.version })),
  )
  const all = found.map((file) => file.version)
  const names = files.map((file) => file.name)
  const there = found.filter((it) => !it.yanked).map((it) => it.version)
  return {
    simple,
    releases: new Set(all).size,
    newest: highest(there),
    newestFinal: highest(there.filter((it) => !explain(it)?.is_prerelease)),
    newestRelease: highest(all.filter((it) => !explain(it)?.is_devrelease)),
    newestBase: highest(basesOf(releasesOf(names).map((it) => it.version))),
    files: found.filter((it) => eq(it.version, version)).map((it) => it.name),
  }
}

/**
 * Why a commit cannot be released to an index that holds this; none where it
 * can. A clone without tags counts from the beginning, and nothing says so.
 */
export function holdingRefusals(
  project: Project,
  commit: Commit,
  { newestRelease, newestBase }: Holdings,
  version: string,
): string[] {
  const tags = [...commit.tagsBehind, ...commit.tagsAtHead]
  const counts = project.version === undefined
  if (!counts || versionTags(tags, project.tagging).length > 0) return []
  // Dev versions of the same cycle are there from the commits before.
  const isLater = basesOf([version]).some(
    (base) => newestBase !== null && compare(newestBase, base) > 0,
  )
  const known = newestRelease ?? (isLater ? newestBase : null)
  if (known === null) return []
  return [
    `The index has versions of ${project.name}, as high as ${known}, and no release tag is behind HEAD, so its version would count from the beginning. Fetch the tags (\`git fetch --tags\`, or \`fetch-depth: 0\` in actions/checkout), or tag the commit that counts (git tag v${known} COMMIT).`,
  ]
}
