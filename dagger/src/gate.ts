import type { NamedFile } from "./dist.js"
import type { Commit } from "./facts.js"
import type { Project } from "./project.js"
import { type Build, named } from "./ref.js"
import { releaseTags, tagOf } from "./tag.js"
import type { Target } from "./target.js"

/**
 * Why this commit cannot be published, in sentences; none where it can.
 *
 * A project that writes its version down is published at that version's tag
 * only: any other commit would be the same version with other bytes.
 */
export function commitRefusals(project: Project, commit: Commit): string[] {
  const refusals: string[] = []
  const { edited, missing, tagsAtHead } = commit
  if (edited.length > 0) {
    refusals.push(
      `The work tree is not the commit: ${named(edited)} changed. Commit or undo that first${missing.length > 0 ? "; what is missing may be left out of the source by the call, or by a sparse checkout (`git sparse-checkout disable`)" : ""}.`,
    )
  }
  const { name, version, tagging } = project
  if (
    version !== undefined &&
    tagOf(version, tagsAtHead, tagging) === undefined
  ) {
    const released = releaseTags(tagsAtHead, tagging)
    const others = released.map((release) => release.tag)
    const has = others.length > 0 ? `the tag ${others.join(", ")}` : "no tag"
    refusals.push(
      `pyproject.toml says that ${name} is ${version}, so it is published at the tag v${version} or ${version} only, and HEAD has ${has}. Tag the release commit (git tag v${version}), or let setuptools-scm make versions for other commits.`,
    )
  }
  return refusals
}

/** Why what is built is not for an index, in sentences; none where it is. */
export function buildRefusals(
  build: Build,
  target: Pick<Target, "id">,
): string[] {
  if (target.id === "rehearsal") return []
  if (build.kind === "cycle") {
    return [
      `The tag ${build.tag} starts a cycle and is not deployed. Publish its branch (--ref=refs/heads/main): its next commit is the first dev version of the cycle.`,
    ]
  }
  if (build.kind === "request") {
    return [
      "A merge request is not deployed. Publish the branch once it is merged, or rehearse it with --index=rehearsal.",
    ]
  }
  return []
}

/** What the gate before an upload looks at. */
export interface UploadRequest {
  target: Target
  files: NamedFile[]
}

/** Why these files cannot go to that index, in sentences; none where they can. */
export function uploadRefusals(request: UploadRequest): string[] {
  const { target, files } = request
  if (!target.pypiRules) return []
  const refusals = files
    .filter((file) => file.platforms.some((it) => it.startsWith("linux_")))
    .map(
      ({ name, platforms }) =>
        `${target.id} takes no wheels for ${platforms.join(".")}: ${name}. Repair it with auditwheel or cibuildwheel and pass the folder with --dist, or upload the sdist alone with --sdist-only.`,
    )
  const local = files.find((file) => file.version.includes("+"))
  if (local !== undefined) {
    refusals.push(
      `${target.id} takes no local versions: ${local.version}. Build without --local.`,
    )
  }
  return refusals
}
