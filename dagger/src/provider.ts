import type { Commit } from "./facts.js"
import type { Project } from "./project.js"
import { type Table, table, text, texts } from "./toml.js"

/** Environment variables by name. */
export type Environment = Record<string, string>

/** What a build is told about its version. */
export interface Told {
  project: Project
  commit: Commit
  /** As the artefacts shall have it. */
  version: string
  /** Commits since the tag that counts. */
  distance: number
}

/** A tool that makes versions, and how facts are fed to it. */
export interface Provider {
  /** What pyproject.toml says where this provider makes the version. */
  named(pyproject: Table): boolean
  /** Its settings, by setuptools-scm's names. */
  settings(pyproject: Table): Table
  /** Whether setuptools-scm finds them in pyproject.toml by itself. */
  finds: boolean
  /** The variables that a build is told its version with. */
  environment(told: Told): Environment
}

/**
 * The commit as setuptools-scm spells it. Of fixed length: git's own length
 * grows with the number of objects in the clone, and so would the artefact.
 */
export function node(commit: Commit): string {
  return `g${commit.commit.slice(0, 9)}`
}

/**
 * setuptools-scm reads these per project (its docs/overrides.md).
 *
 * The version is told, never the way to it: setuptools-scm 10 writes tag and
 * distance into the sdist, and whoever builds that sdist makes a version of
 * them by the project's own settings. pip discards the sdist where that is
 * another one, if only for its local part. A version that was told is not
 * written there.
 *
 * The node is told because an sdist has no git to read it from, and
 * `_version.py` in the wheel shall keep the commit.
 */
function setuptoolsScm({ project, commit, version, distance }: Told) {
  const name = project.name.replace(/[-_.]+/g, "_").toUpperCase()
  const facts = `{node="${node(commit)}", distance=${distance}}`
  return {
    [`SETUPTOOLS_SCM_PRETEND_VERSION_FOR_${name}`]: version,
    [`SETUPTOOLS_SCM_PRETEND_METADATA_FOR_${name}`]: facts,
  }
}

function names(requirements: string[]): string[] {
  return requirements.map((requirement) =>
    (/^[\w.-]+/.exec(requirement.trim())?.[0] ?? "")
      .replace(/[-_.]+/g, "-")
      .toLowerCase(),
  )
}

/** hatch-vcs' own names for two settings, beside those it passes on. */
function hatchSettings(pyproject: Table): Table {
  const version = table(table(table(pyproject.tool).hatch).version)
  const pattern = text(version["tag-pattern"])
  const fallback = text(version["fallback-version"])
  return {
    ...table(version["raw-options"]),
    ...(pattern && { tag_regex: pattern }),
    ...(fallback && { fallback_version: fallback }),
  }
}

/** Every way to a version, in the order in which they are looked for. */
export const PROVIDERS = {
  static: {
    named: (pyproject) => text(table(pyproject.project).version) !== undefined,
    settings: () => ({}),
    finds: false,
    environment: () => ({}),
  },
  "hatch-vcs": {
    named: (pyproject) => {
      const hatch = table(table(pyproject.tool).hatch)
      return (
        text(table(hatch.version).source) === "vcs" &&
        names(texts(table(pyproject["build-system"]).requires)).includes(
          "hatch-vcs",
        )
      )
    },
    settings: hatchSettings,
    finds: false,
    // Of all variables it honours the unsuffixed names only.
    environment: ({ version }) => ({
      SETUPTOOLS_SCM_PRETEND_VERSION: version,
    }),
  },
  "setuptools-scm": {
    named: (pyproject) => {
      const { requires, "build-backend": backend } = table(
        pyproject["build-system"],
      )
      const tool = table(pyproject.tool)
      // Without settings it lists files for the sdist, and a version that is
      // read from elsewhere stays.
      const elsewhere =
        tool.setuptools_scm === undefined &&
        table(table(tool.setuptools).dynamic).version !== undefined
      return (
        !elsewhere &&
        names(texts(requires)).includes("setuptools-scm") &&
        (text(backend) ?? "setuptools").split(".")[0] === "setuptools"
      )
    },
    settings: (pyproject) => table(table(pyproject.tool).setuptools_scm),
    finds: true,
    environment: setuptoolsScm,
  },
} satisfies Record<string, Provider>

export type ProviderId = keyof typeof PROVIDERS

/** Settings that would be passed over in silence, and what to do instead. */
const REFUSED: Record<string, string> = {
  parse:
    "has tags read by code of the project's own, and here all tags are read alike. Remove it, and describe the tags with tag.prefix or tag.regex.",
}

/**
 * The settings of a project's provider.
 *
 * @throws a sentence where one of them cannot be honoured
 */
export function settingsOf(
  id: ProviderId,
  pyproject: Table,
  file: string,
): Table {
  const settings = provider(id).settings(pyproject)
  for (const [name, instead] of Object.entries(REFUSED)) {
    if (name in settings) throw new Error(`\`${name}\` in ${file} ${instead}`)
  }
  return settings
}

/** The provider of that name, by its common interface. */
export function provider(id: ProviderId): Provider {
  return PROVIDERS[id]
}

/**
 * Which provider makes this project's version.
 *
 * @throws a sentence where none does
 */
export function providerOf(pyproject: Table, file: string): ProviderId {
  const ids = Object.keys(PROVIDERS) as ProviderId[]
  const found = ids.find((id) => provider(id).named(pyproject))
  if (found !== undefined) return found
  const dynamic = texts(table(pyproject.project).dynamic).includes("version")
  throw new Error(
    dynamic
      ? `${file} leaves the version to its build backend, and names no provider that is known here. Use setuptools-scm (requires = ["setuptools", "setuptools-scm"]), hatch-vcs ([tool.hatch.version] source = "vcs"), or write version = "…" in [project]. \`migrate\` moves a project from hatchling, flit, PDM, Poetry or setuptools to setuptools-scm.`
      : `[project] in ${file} has neither a version nor dynamic = ["version"]. Add dynamic = ["version"] and setuptools-scm to [build-system].requires, or write version = "…".`,
  )
}
