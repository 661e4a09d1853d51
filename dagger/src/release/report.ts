import type { GitHubFacts, GitHubRelease } from "../github/facts.js"
import type { Page } from "../page.js"
import { assetName, isBroken, releaseOf, type Wanted } from "./decide.js"

export const RELEASE_SCHEMA = "pypi-deploy/release/1"

/** What `release` did. */
export interface ReleaseReport {
  schema: typeof RELEASE_SCHEMA
  project: string
  version: string
  tag: string
  /** The release's page. */
  page: string
  /** `made`, `completed`, or `unchanged` where nothing was left to do. */
  outcome: "made" | "completed" | "unchanged"
  prerelease: boolean
  /** Whether it is shown as the latest. */
  latest: boolean
  files: {
    name: string
    sha256: string
    outcome: "uploaded" | "uploaded again" | "already there"
  }[]
  /** What is worth knowing and stopped nothing, in sentences. */
  notices: string[]
}

/** The release once all is done: there is one then. */
function madeRelease(after: GitHubFacts): GitHubRelease {
  return releaseOf(after) as GitHubRelease
}

function noticesOf(wanted: Wanted, before: GitHubFacts, after: GitHubFacts) {
  const release = madeRelease(after)
  const names = wanted.files.map((it) => assetName(it.name))
  const more = release.assets.filter((it) => !names.includes(it.name))
  const drafts = after.releases.filter((it) => it !== release)
  return [
    ...(before.commit === null ? [`The tag ${wanted.tag} was made.`] : []),
    ...more.map((it) => `${it.name} is on the release and not in the folder.`),
    ...drafts.map(
      (it) =>
        `There is another draft of ${wanted.tag}, which nobody sees: ${it.page}. Delete it there.`,
    ),
  ]
}

/** Tells what became of a release, from what there was and what there is. */
export function releaseReport(
  wanted: Wanted,
  before: GitHubFacts,
  after: GitHubFacts,
): ReleaseReport {
  const { project, version, tag, files } = wanted
  const old = releaseOf(before)
  const now = madeRelease(after)
  const there = (name: string) =>
    old?.assets.find((it) => it.name === assetName(name))
  const same =
    JSON.stringify([before.commit, before.latest, old]) ===
    JSON.stringify([after.commit, after.latest, now])
  return {
    schema: RELEASE_SCHEMA,
    ...{ project, version, tag },
    page: now.page,
    outcome: old === null ? "made" : same ? "unchanged" : "completed",
    prerelease: now.prerelease,
    latest: after.latest === tag,
    files: files.map(({ name, sha256 }) => {
      const asset = there(name)
      const broken = asset !== undefined && isBroken(asset)
      return {
        ...{ name, sha256 },
        outcome:
          asset === undefined
            ? "uploaded"
            : broken
              ? "uploaded again"
              : "already there",
      }
    }),
    notices: noticesOf(wanted, before, after),
  }
}

/** The report for people. */
export function releasePage(report: ReleaseReport): Page {
  const { project, version, outcome, page, prerelease, latest } = report
  const kind = prerelease ? "pre-release" : latest ? "latest" : "not the latest"
  return {
    title: `${project} ${version} is released on GitHub`,
    facts: [
      ["release", page],
      ["outcome", outcome],
      ["shown as", kind],
    ],
    tables: [
      [
        ["file", "outcome", "sha256"],
        ...report.files.map((it) => [it.name, it.outcome, it.sha256]),
      ],
    ],
    notes: report.notices,
  }
}
