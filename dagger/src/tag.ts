import { compare, eq, explain } from "@renovatebot/pep440"
import semver from "semver"
import { PLAIN, type Tagging, versionText } from "./tagging.js"

/** What a tag says, read as a version. */
export type ReadTag =
  /** `v0.6.0`, `v0.6.0rc1`, `v0.6.0.post1`: a release. */
  | { kind: "release"; version: string }
  /** `v0.6.0.dev0`: what comes next is 0.6.0. Not deployed. */
  | { kind: "cycle"; version: string }
  /** Another tag of this project: why it is no release, and what is one. */
  | { kind: "odd"; reason: string; meant: string }
  /** Another project's, by its prefix, or one without a number. */
  | { kind: "foreign" }

type Version = NonNullable<ReturnType<typeof explain>>

/** Why a version in a tag is no release. */
interface Oddity {
  is(version: Version, spelled: string): boolean
  reason: string
  meant(version: Version): string
}

/** In the order in which the reason is looked for. */
const ODDITIES: Oddity[] = [
  {
    is: ({ local }) => local !== null,
    reason: "it has a local part (+…), which indexes refuse",
    meant: (version) => version.public,
  },
  {
    is: ({ release }) => release.length < 2,
    reason:
      "it has one number: such tags move from release to release, as those of GitHub Actions do",
    meant: ({ release }) => `${release[0]}.0`,
  },
  {
    // pep440 has a number here, where its types say a list.
    is: ({ is_devrelease, dev }) => is_devrelease && Number(dev) > 0,
    reason:
      "it has a dev number, and those are counted. A tag with .dev0 starts a cycle",
    meant: ({ public: version }) => version.replace(/\.dev\d+$/, ".dev0"),
  },
  {
    is: ({ is_prerelease }, spelled) =>
      !is_prerelease && (semver.parse(spelled)?.prerelease ?? []).length > 0,
    reason:
      "semver reads it as a pre-release, and PEP 440 as a post-release. As the latter it is spelled in full",
    meant: (version) => version.public,
  },
]

/** The numbers in a text as a version: `release-2024-01` gives 2024.1. */
function numbersIn(text: string): string {
  const numbers = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits))
  return (numbers.length === 1 ? [...numbers, 0] : numbers).join(".")
}

/**
 * Reads a tag as the project spells its tags.
 *
 * semver's and PEP 440's spellings are read: `v0.6.0-rc.1` is 0.6.0rc1. The
 * version comes in PEP 440's normal form.
 */
export function readTag(tag: string, tagging: Tagging = PLAIN): ReadTag {
  const found = versionText(tag, tagging)
  if (found === undefined) return { kind: "foreign" }
  const { prefix, text } = found
  const version = explain(text)
  if (!version) {
    const reason = "it is no version by PEP 440"
    return { kind: "odd", reason, meant: prefix + numbersIn(text) }
  }
  const spelled = text.replace(/^v/i, "")
  const oddity = ODDITIES.find(({ is }) => is(version, spelled))
  if (oddity !== undefined) {
    const { reason, meant } = oddity
    return { kind: "odd", reason, meant: prefix + meant(version) }
  }
  const kind = version.is_devrelease ? "cycle" : "release"
  return { kind, version: version.public }
}

/** A tag and the version in it. */
export interface VersionTag {
  tag: string
  version: string
}

function tagsOfKind(
  kind: "release" | "cycle",
  tags: string[],
  tagging: Tagging,
): VersionTag[] {
  return tags.flatMap((tag) => {
    const read = readTag(tag, tagging)
    return read.kind === kind ? [{ tag, version: read.version }] : []
  })
}

/** The release tags among the given ones, highest version first. */
export function releaseTags(
  tags: string[],
  tagging: Tagging = PLAIN,
): VersionTag[] {
  const found = tagsOfKind("release", tags, tagging)
  return found.sort((a, b) => compare(b.version, a.version))
}

/** The tags that say what comes next: releases, and starts of a cycle. */
export function versionTags(tags: string[], tagging: Tagging): VersionTag[] {
  return [
    ...tagsOfKind("release", tags, tagging),
    ...tagsOfKind("cycle", tags, tagging),
  ]
}

/** The odd tags among the given ones, each with its reason. */
export function oddTags(
  tags: string[],
  tagging: Tagging,
): { tag: string; reason: string; meant: string }[] {
  return tags.flatMap((tag) => {
    const read = readTag(tag, tagging)
    return read.kind === "odd" ? [{ tag, ...read }] : []
  })
}

/** The tag among the given ones that releases exactly this version. */
export function tagOf(
  version: string,
  tags: string[],
  tagging: Tagging = PLAIN,
): string | undefined {
  const release = releaseTags(tags, tagging)
  return release.find((it) => eq(it.version, version))?.tag
}
