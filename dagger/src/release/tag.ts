import { eq, explain } from "@renovatebot/pep440"
import { tagFor } from "../next-version/facts.js"
import type { Project } from "../project.js"
import { readTag } from "../tag.js"

/**
 * The tag that files are released under.
 *
 * @param given - `--tag`; empty for `v` and the version
 * @throws a sentence where it is not the tag of that version
 */
export function releaseTag(
  given: string,
  version: string,
  project: Project,
): string {
  if (explain(version)?.is_devrelease) {
    throw new Error(
      `The files are ${version}, a dev release, and no tag names one. Build them from a release tag (git checkout v1.2.3), and pass that folder with --dist.`,
    )
  }
  const tag = given || `v${version}`
  const says = readTag(tag, project.tagging)
  if (says.kind === "release" && eq(says.version, version)) return tag
  const right = tagFor(version, project, undefined)
  throw new Error(
    `--tag=${tag} is not the tag of the files, which are ${version}. Pass --tag=${right}, or the folder of that release with --dist.`,
  )
}
