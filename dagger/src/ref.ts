import { eq } from "@renovatebot/pep440"
import type { Commit } from "./facts.js"
import type { Project } from "./project.js"
import { type ReadTag, readTag, releaseTags } from "./tag.js"

/** What a ref builds: the release that a tag names, or the next dev version. */
export type Build =
  | { kind: "tag"; tag: string; version: string }
  /** `.dev0`: a tag that names a version which nobody deploys. */
  | { kind: "cycle"; tag: string; version: string }
  /** The branch's short name; null where it is not known. */
  | { kind: "branch"; branch: string | null }
  /** A merge request: built and tested as a branch, never deployed. */
  | { kind: "request"; branch: null }

/** What a ref is read with. */
export interface RefRequest {
  /** `--ref`; empty where not given. */
  ref: string
  project: Project
  commit: Commit
}

/** The refs that CI systems build, by how they begin. */
const REFS: { begins: string; build(name: string, at: RefRequest): Build }[] = [
  { begins: "refs/tags/", build: pushedTag },
  {
    begins: "refs/heads/",
    build: (branch) => ({ kind: "branch", branch }),
  },
  { begins: "refs/pull/", build: () => ({ kind: "request", branch: null }) },
  {
    begins: "refs/merge-requests/",
    build: () => ({ kind: "request", branch: null }),
  },
]

function short(commit: Commit): string {
  return commit.commit.slice(0, 7)
}

/** Why a pushed tag is no release, and the spelling meant. */
function refusal(tag: string, read: ReadTag, name: string): Error {
  // It may be the release of another project in the repository.
  return new Error(
    read.kind === "odd"
      ? `The tag ${tag} is no release: ${read.reason}. Was ${read.meant} meant? Delete it (git push --delete origin ${tag}) and push the one meant, such as v0.6.0, v0.6.0rc1 or v0.6.0.post1.`
      : `The tag ${tag} is no release of ${name}: it holds no version of this project. Pass the ref of one that does, such as v0.6.0, v0.6.0rc1 or v0.6.0.post1.`,
  )
}

function pushedTag(tag: string, { project, commit }: RefRequest): Build {
  const read = readTag(tag, project.tagging)
  if (read.kind === "odd" || read.kind === "foreign") {
    throw refusal(tag, read, project.name)
  }
  if (!commit.tagsAtHead.includes(tag)) {
    const where = commit.tagsBehind.includes(tag)
      ? "which lies behind it"
      : "which is not behind it, or was not fetched"
    throw new Error(
      `--ref=refs/tags/${tag}: HEAD (${short(commit)}) is not at the tag ${tag}, ${where}. Fetch all tags (git fetch --tags) and check that one out.`,
    )
  }
  if (commit.edited.length > 0) {
    throw new Error(
      `--ref=refs/tags/${tag}: the work tree is not the tag's. Changed: ${named(commit.edited)}. Commit or undo that first.`,
    )
  }
  const { version } = project
  if (version !== undefined && !eq(version, read.version)) {
    throw new Error(
      `--ref=refs/tags/${tag}: pyproject.toml says that ${project.name} is ${version}. Set its version to ${read.version} and tag that commit.`,
    )
  }
  return {
    kind: read.kind === "cycle" ? "cycle" : "tag",
    tag,
    version: read.version,
  }
}

/** At most ten names, and how many more there are. */
export function named(names: string[]): string {
  const more = names.length > 10 ? ` and ${names.length - 10} more` : ""
  return `${names.slice(0, 10).join(", ")}${more}`
}

/** What HEAD itself says: a release tag at a clean one, or else its branch. */
function headBuild({ project, commit }: RefRequest): Build {
  const branch: Build = { kind: "branch", branch: commit.branch }
  if (commit.edited.length > 0) return branch
  const releases = releaseTags(commit.tagsAtHead, project.tagging)
  const written = project.version
  const mine =
    written === undefined
      ? releases
      : releases.filter((release) => eq(release.version, written))
  const [first, ...others] = mine
  if (first === undefined) return branch
  const other = others.find((it) => it.version !== first.version)
  if (other !== undefined) {
    const refs = mine.map(({ tag }) => `--ref=refs/tags/${tag}`)
    throw new Error(
      `HEAD (${short(commit)}) has more than one release tag: ${mine.map((it) => it.tag).join(", ")}. Say which is built: ${refs.join(" or ")}.`,
    )
  }
  return { kind: "tag", ...first }
}

/**
 * The row of a full ref.
 *
 * @throws a sentence where it is none
 */
export function fullRef(ref: string) {
  const known = REFS.find(({ begins }) => ref.startsWith(begins))
  if (known === undefined || ref === known.begins) {
    const name = ref.replace(/^refs\/[^/]*\//, "") || "NAME"
    throw new Error(
      `--ref=${ref} is no full ref. Pass --ref=refs/heads/${name} for a branch, or --ref=refs/tags/${name} for a tag.`,
    )
  }
  return known
}

/**
 * Whether this is the build of a tag or of a branch. `--ref` decides; without
 * it, a release tag at HEAD does.
 *
 * @throws a sentence where the tag is no release or not at HEAD, or where HEAD
 *   has two releases and nothing says which
 */
export function buildOf(request: RefRequest): Build {
  const { ref } = request
  if (ref === "") return headBuild(request)
  const { begins, build } = fullRef(ref)
  return build(ref.slice(begins.length), request)
}
