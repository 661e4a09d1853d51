import { compare, explain } from "@renovatebot/pep440"
import type {
  Asset,
  Changes,
  GitHubFacts,
  GitHubRelease,
  OtherRelease,
  Step,
} from "../github/facts.js"
import { readTag } from "../tag.js"
import type { Tagging } from "../tagging.js"
import { type BodyParts, bodyOf } from "./body.js"

/** A file to attach. */
export interface ReleaseFile {
  name: string
  sha256: string
}

/** What a GitHub release shall be. */
export interface Wanted {
  project: string
  version: string
  tag: string
  tagging: Tagging
  /** The commit that the files were built from; null where not known. */
  commit: string | null
  /** Whether an index confirmed the release, so that its tag may be made. */
  confirmed: boolean
  files: ReleaseFile[]
  body: BodyParts
}

/** What is left to do. */
export interface Decision {
  /** Why there is no way on, in sentences. */
  refusals: string[]
  steps: Step[]
}

/** A name as GitHub keeps it: other characters become dots. */
export function assetName(name: string): string {
  return name.replace(/[^\w.+@-]+/g, ".")
}

/** The release of a tag: the published one, or else the first draft. */
export function releaseOf({ releases }: GitHubFacts): GitHubRelease | null {
  const published = releases.find((it) => !it.draft)
  return published ?? [...releases].sort((a, b) => a.id - b.id)[0] ?? null
}

/** The published release with the highest version; undefined for none. */
function highestOf(tagging: Tagging, others: OtherRelease[]) {
  return others
    .filter((it) => !it.draft && !it.prerelease)
    .flatMap(({ id, tag }) => {
      const read = readTag(tag, tagging)
      return read.kind === "release" ? [{ id, version: read.version }] : []
    })
    .sort((a, b) => compare(b.version, a.version))[0]
}

/** Whether a version is no pre-release and above all that are published. */
export function isHighest(
  { version, tagging }: Pick<Wanted, "version" | "tagging">,
  others: OtherRelease[],
): boolean {
  if (explain(version)?.is_prerelease) return false
  const highest = highestOf(tagging, others)?.version
  return highest === undefined || compare(version, highest) > 0
}

function tagRefusals({ tag, commit, confirmed }: Wanted, facts: GitHubFacts) {
  if (facts.commit === null && (commit === null || !confirmed)) {
    return [
      `GitHub has no tag ${tag}. Push it (git push origin ${tag}), or pass the receipt of its publish (--receipt=receipt.json): then it is made at the commit that the index confirmed.`,
    ]
  }
  return facts.commit !== null && commit !== null && facts.commit !== commit
    ? [
        `The tag ${tag} is commit ${facts.commit.slice(0, 9)} on GitHub, and the files were built from ${commit.slice(0, 9)}. Build them from the tag (git checkout ${tag}), or release them under their own.`,
      ]
    : []
}

function fileRefusals(
  { tag, files }: Wanted,
  { immutable, assets, page }: GitHubRelease,
): string[] {
  return files.flatMap(({ name, sha256 }) => {
    const there = assets.find((it) => it.name === assetName(name))
    const other = there?.sha256 != null && there.sha256 !== sha256
    if (other) {
      return `The release ${tag} has other bytes under ${name}: sha256 ${there.sha256} there, ${sha256} here. Nothing is put in its place. Delete that file on ${page} if it is wrong, or release under another version.`
    }
    return immutable && there?.sha256 !== sha256
      ? `The release ${tag} cannot be changed any more (immutable releases are on), and lacks ${name}. Release under another version.`
      : []
  })
}

function fileSteps({ files }: Wanted, release: GitHubRelease): Step[] {
  return files.flatMap(({ name }): Step[] => {
    const there = release.assets.find((it) => it.name === assetName(name))
    const upload: Step = { does: "upload", to: release.upload, name }
    if (there === undefined) return [upload]
    return isBroken(there)
      ? [{ does: "discard", asset: there.id, name }, upload]
      : []
  })
}

/** Whether a file is what an upload left that broke off. */
export function isBroken({ sha256 }: Asset): boolean {
  return sha256 === null
}

/** What differs between a release and what it shall be. */
function changesOf(
  wanted: Wanted,
  release: GitHubRelease,
  facts: GitHubFacts,
): Changes {
  const { version, tag, body: parts } = wanted
  const prerelease = explain(version)?.is_prerelease === true
  const body = bodyOf(release.body, parts)
  const highest = isHighest(wanted, facts.others)
  const latest = release.draft || (highest && facts.latest !== tag)
  return {
    ...(release.draft && { draft: false }),
    ...(release.prerelease !== prerelease && { prerelease }),
    ...(release.name === "" && { name: tag }),
    ...(release.body.replaceAll("\r\n", "\n") !== body && { body }),
    ...(latest && { make_latest: highest ? "true" : "false" }),
  }
}

/** Shows the highest as the latest, where this one is shown and is not. */
function latestSteps(wanted: Wanted, facts: GitHubFacts): Step[] {
  const { tag, tagging } = wanted
  const higher = highestOf(tagging, facts.others)
  if (higher === undefined || facts.latest !== tag) return []
  const changes = { make_latest: "true" as const }
  return isHighest(wanted, facts.others)
    ? []
    : [{ does: "update", release: higher.id, changes }]
}

/**
 * What is left to do for a release: the tag, a draft, the files, and only
 * then what people see.
 */
export function decideRelease(wanted: Wanted, facts: GitHubFacts): Decision {
  const { tag, project, version, commit } = wanted
  const release = releaseOf(facts)
  const refusals = [
    ...tagRefusals(wanted, facts),
    ...(release === null ? [] : fileRefusals(wanted, release)),
  ]
  if (refusals.length > 0) return { refusals, steps: [] }
  const message = `${project} ${version}`
  const first: Step[] =
    facts.commit === null && commit !== null
      ? [{ does: "tag", tag, commit, message }]
      : []
  if (release === null) {
    const prerelease = explain(version)?.is_prerelease === true
    const body = bodyOf("", wanted.body)
    const fields = { name: tag, body, prerelease, draft: true }
    return { refusals, steps: [...first, { does: "create", tag, fields }] }
  }
  const uploads = fileSteps(wanted, release)
  if (first.length + uploads.length > 0) {
    return { refusals, steps: [...first, ...uploads] }
  }
  const changes = changesOf(wanted, release, facts)
  const update: Step = { does: "update", release: release.id, changes }
  const updates = Object.keys(changes).length > 0 ? [update] : []
  return { refusals, steps: [...updates, ...latestSteps(wanted, facts)] }
}
