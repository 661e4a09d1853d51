import { compare, eq, explain } from "@renovatebot/pep440"
import semver from "semver"

/**
 * The version a tag releases, in PEP 440's normal form, or undefined where the
 * tag releases none: `v1.2.3` and `1.2.3` give 1.2.3, `v0.6.0-rc.1` gives
 * 0.6.0rc1, `v1.2.3.post1` gives 1.2.3.post1.
 *
 * No release: fewer than two numbers (`v1` is a moving tag of GitHub Actions),
 * a local part (indexes refuse it), a dev number (`v0.6.0.dev0` starts a
 * cycle), and what semver reads as a pre-release and PEP 440 as something
 * else (`v1.0.0-1`, `v1.0.0-0.3.7`).
 */
export function releaseVersion(tag: string): string | undefined {
  const spelled = tag.replace(/^v/, "")
  const version = explain(spelled)
  if (!version || version.release.length < 2) return undefined
  if (version.local !== null || version.is_devrelease) return undefined
  const pre = semver.parse(spelled)?.prerelease ?? []
  const disagree = pre.length > 0 && !version.is_prerelease
  return disagree ? undefined : version.public
}

/** A tag and the version it releases. */
export interface ReleaseTag {
  tag: string
  version: string
}

/** The release tags among the given ones, highest version first. */
export function releaseTags(tags: string[]): ReleaseTag[] {
  return tags
    .flatMap((tag) => {
      const version = releaseVersion(tag)
      return version === undefined ? [] : [{ tag, version }]
    })
    .sort((a, b) => compare(b.version, a.version))
}

/** The tag among the given ones that releases exactly this version. */
export function tagOf(version: string, tags: string[]): string | undefined {
  return releaseTags(tags).find((release) => eq(release.version, version))?.tag
}
