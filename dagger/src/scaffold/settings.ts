import { DEFAULT_PYTHON } from "../container.js"
import { promised } from "../interpreters.js"
import type { Source } from "../source.js"
import { normalisedName } from "../spelling.js"
import { releaseTags } from "../tag.js"
import { type Tagging, versionText } from "../tagging.js"
import { parseToml, table, text, texts } from "../toml.js"
import type { Repository } from "../workflows.js"

/** What a workflow needs to know of a project, as it is found there. */
export interface Settings {
  /** The project's name, as an index's URLs have it. */
  name: string
  /** The branch whose commits go to TestPyPI. */
  branch: string
  /** What the tags that go to PyPI look like, such as `v*`. */
  tags: string
  /** The interpreters to test on. */
  pythons: string[]
}

/**
 * The glob of a project's release tags: as the highest one is spelled, or as
 * its settings say. Tags that are no release fit it, too, and are refused with
 * a sentence when they are pushed; what fits no glob is passed over in silence.
 */
export function tagGlob(tags: string[], tagging: Tagging): string {
  const tag = releaseTags(tags, tagging)[0]?.tag
  if (tag === undefined) {
    const [only = "", ...more] = tagging.prefixes
    const prefix = more.length > 0 ? "" : only
    return /v$/i.test(prefix) ? `${prefix}*` : `${prefix}v*`
  }
  // It has one, or it was no release tag.
  const { text: version } = versionText(tag, tagging) as { text: string }
  const v = /^v/i.exec(version)?.[0] ?? ""
  const prefix = tag.slice(0, tag.indexOf(version)) + v
  return prefix === "" ? "[0-9]*" : `${prefix}*`
}

/**
 * The interpreters that a project is tested on: all that its classifiers name
 * and its requires-python allows; without classifiers the lowest one allowed,
 * and the default, if it is.
 */
export function testedPythons(pyproject: string): string[] {
  const project = table(parseToml(pyproject, "pyproject.toml").project)
  const classified = texts(project.classifiers).flatMap(
    (it) => /^Programming Language :: Python :: (3\.\d+)$/.exec(it)?.[1] ?? [],
  )
  const requiresPython = text(project["requires-python"]) ?? ""
  const all = promised({ requiresPython, pythons: classified, extras: [] })
  if (classified.length > 0 && all.length > 0) return all
  if (requiresPython === "" || all.length === 0) return [DEFAULT_PYTHON]
  return all.filter((python, index) => index === 0 || python === DEFAULT_PYTHON)
}

/** What is found in a project, for its workflow. */
export function settingsOf(
  { project, commit, path }: Pick<Source, "project" | "commit" | "path">,
  { defaultBranch, texts: files }: Repository,
): Settings {
  const file = path === "." ? "pyproject.toml" : `${path}/pyproject.toml`
  const tags = [...commit.tagsAtHead, ...commit.tagsBehind]
  return {
    name: normalisedName(project.name),
    branch: defaultBranch ?? "main",
    tags: tagGlob(tags, project.tagging),
    pythons: testedPythons(files[file] ?? ""),
  }
}
