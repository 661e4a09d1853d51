import { node, provider } from "./provider.js"
import type { Source } from "./source.js"
import { versionTags } from "./tag.js"

/** A version, and what it is counted from. */
export interface Counted {
  /** With its local part, where it has one. */
  version: string
  /** The tag it is counted from; null where that is the whole history. */
  tag: string | null
  /** Commits since that tag. */
  distance: number
  /** Whether setuptools-scm's default scheme stood in for the project's. */
  guessed: boolean
}

/** A version without its local part: `1.2.dev3+g1a2b3c4` is 1.2.dev3. */
export function publicVersion(version: string): string {
  return version.replace(/\+.*$/, "")
}

/**
 * What tools/next.py is asked: the project's tags behind HEAD, and how
 * setuptools-scm is to see the commit.
 *
 * Tags at HEAD do not count, or a branch would have another version where the
 * tag is pushed late. An edited tree is one that comes after them.
 */
export function nextQuestion({
  project,
  commit,
  build,
}: Pick<Source, "project" | "commit" | "build">) {
  const { finds } = provider(project.provider)
  const edited = commit.edited.length > 0
  const names = edited
    ? [...commit.tagsBehind, ...commit.tagsAtHead]
    : commit.tagsBehind
  return {
    name: project.name,
    settings: finds ? null : project.settings,
    tags: versionTags(names, project.tagging),
    branch: build.kind === "branch" ? build.branch : null,
    node: node(commit),
    dirty: edited,
    time: commit.time,
  }
}
