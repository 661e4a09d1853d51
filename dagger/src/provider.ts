import type { Commit } from "./facts.js"
import type { Project } from "./project.js"
import { releaseTags } from "./tag.js"
import { type Table, table, text, texts } from "./toml.js"

/** Environment variables by name. */
export type Environment = Record<string, string>

/** What a version is asked for with. */
export interface VersionRequest {
  project: Project
  commit: Commit
  /** Whether the local part (`+g1a2b3c4`) is wanted. */
  local: boolean
}

/** A tool that makes versions, and how facts are fed to it. */
export interface Provider {
  /** What pyproject.toml says where this provider makes the version. */
  named(pyproject: Table): boolean
  /** Prints the version, run in the project's folder with its build tools. */
  command: string[]
  /** The facts the command is fed with. */
  environment(request: VersionRequest): Environment
  /**
   * The facts a build is fed with, given the version; the command's own where
   * this is missing.
   */
  buildEnvironment?(version: string): Environment
}

/**
 * The commit as setuptools-scm spells it. Of fixed length: git's own length
 * grows with the number of objects in the clone, and so would the artefact.
 */
export function node(commit: Commit): string {
  return `g${commit.commit.slice(0, 9)}`
}

/** The version of the release tag at HEAD, where the tree is that tag's. */
export function taggedVersion(commit: Commit): string | undefined {
  if (commit.edited.length > 0) return undefined
  return releaseTags(commit.tagsAtHead)[0]?.version
}

function environmentName(project: Project): string {
  return project.name.replace(/[-_.]+/g, "_").toUpperCase()
}

/**
 * setuptools-scm reads these per project (its docs/overrides.md). The node is
 * fed because an sdist has no git to read it from, and `_version.py` in the
 * wheel shall keep the commit.
 */
function setuptoolsScm({ project, commit, local }: VersionRequest) {
  const suffix = `FOR_${environmentName(project)}`
  const tagged = taggedVersion(commit)
  const pretend = `SETUPTOOLS_SCM_PRETEND_VERSION_${suffix}`
  const overrides = `SETUPTOOLS_SCM_OVERRIDES_${suffix}`
  return {
    [`SETUPTOOLS_SCM_PRETEND_METADATA_${suffix}`]: `{node="${node(commit)}"}`,
    ...(tagged !== undefined && { [pretend]: tagged }),
    ...(tagged === undefined &&
      !local && { [overrides]: '{local_scheme="no-local-version"}' }),
  }
}

/**
 * hatch-vcs honours the unsuffixed names only, and no overrides: the local
 * part is cut off its answer, and the build is told the version.
 */
function hatchVcs({ commit }: VersionRequest): Environment {
  const tagged = taggedVersion(commit)
  return tagged === undefined
    ? { SETUPTOOLS_SCM_PRETEND_METADATA: `{node="${node(commit)}"}` }
    : { SETUPTOOLS_SCM_PRETEND_VERSION: tagged }
}

function requirementNames(pyproject: Table): string[] {
  return texts(table(pyproject["build-system"]).requires).map((requirement) =>
    (/^[\w.-]+/.exec(requirement.trim())?.[0] ?? "")
      .replace(/[-_.]+/g, "-")
      .toLowerCase(),
  )
}

/** Every way to a version, in the order in which they are looked for. */
export const PROVIDERS = {
  static: {
    named: (pyproject) => text(table(pyproject.project).version) !== undefined,
    command: [],
    environment: () => ({}),
  },
  "hatch-vcs": {
    named: (pyproject) => {
      const hatch = table(table(pyproject.tool).hatch)
      return (
        text(table(hatch.version).source) === "vcs" &&
        requirementNames(pyproject).includes("hatch-vcs")
      )
    },
    command: ["-m", "hatchling", "version"],
    environment: hatchVcs,
    buildEnvironment: (version) => ({
      SETUPTOOLS_SCM_PRETEND_VERSION: version,
    }),
  },
  "setuptools-scm": {
    named: (pyproject) =>
      requirementNames(pyproject).includes("setuptools-scm") &&
      text(table(pyproject["build-system"])["build-backend"])?.split(".")[0] ===
        "setuptools",
    command: ["-m", "setuptools_scm"],
    environment: setuptoolsScm,
  },
} satisfies Record<string, Provider>

export type ProviderId = keyof typeof PROVIDERS

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
      ? `${file} leaves the version to its build backend, and names no provider that is known here. Use setuptools-scm (requires = ["setuptools", "setuptools-scm"]), hatch-vcs ([tool.hatch.version] source = "vcs"), or write version = "…" in [project].`
      : `[project] in ${file} has neither a version nor dynamic = ["version"]. Add dynamic = ["version"] and setuptools-scm to [build-system].requires, or write version = "…".`,
  )
}
