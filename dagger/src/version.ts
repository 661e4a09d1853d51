import { BACKEND_PYTHON, backendContainer } from "./backend.js"
import { SOURCE, withTools } from "./container.js"
import { node, provider } from "./provider.js"
import { type Source, withSource } from "./source.js"
import { versionTags } from "./tag.js"
import { ask } from "./tool.js"

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
  return version.split("+")[0] ?? version
}

/**
 * What tools/next.py is asked: the project's tags behind HEAD, and how
 * setuptools-scm is to see the commit.
 *
 * Tags at HEAD do not count, or a branch would have another version where the
 * tag is pushed late. An edited tree is one that comes after them.
 */
export function nextQuestion({ project, commit, build }: Source) {
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

/** Asks setuptools-scm for the next dev version (tools/next.py). */
async function nextVersion(source: Source, python: string): Promise<Counted> {
  const { project, path } = source
  const { container } = await backendContainer(project, python)
  return ask<Counted>(
    container
      .with(withTools("next.py", "repository.py"))
      .with(withSource(source)),
    `Asking ${project.provider}`,
    [BACKEND_PYTHON, "/tools/next.py", "--root", SOURCE, "--path", path],
    nextQuestion(source),
  )
}

/** The version of a source: written, a tag's, or counted from the tags. */
export async function countedVersion(
  source: Source,
  python: string,
): Promise<Counted> {
  const { project, build } = source
  const exact = { distance: 0, guessed: false }
  if (project.version !== undefined) {
    return { version: project.version, tag: null, ...exact }
  }
  if (build.kind === "tag" || build.kind === "cycle") {
    return { version: build.version, tag: build.tag, ...exact }
  }
  return nextVersion(source, python)
}

/** The version of a source, with or without its local part. */
export async function versionOf(
  source: Source,
  python: string,
  local: boolean,
): Promise<string> {
  const { version } = await countedVersion(source, python)
  return local ? version : publicVersion(version)
}
