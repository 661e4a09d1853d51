import { valid } from "@renovatebot/pep440"
import { isClassic, readClassic, unknownVersion } from "./classic.js"
import type { Facts } from "./facts.js"
import { type ProviderId, providerOf, settingsOf } from "./provider.js"
import { readTagging, type Tagging } from "./tagging.js"
import { parseToml, type Table, table, text, texts } from "./toml.js"

/** What pyproject.toml says, as far as a release depends on it. */
export interface Project {
  /** Name as written, e.g. `PyForge.CLI`. */
  name: string
  /** Where the version comes from. */
  provider: ProviderId
  /** The version, where pyproject.toml holds it. */
  version?: string
  /** The provider's settings, by setuptools-scm's names. */
  settings: Table
  tagging: Tagging
  build: BuildSystem
  /** Whether installing it installs other projects, as far as is written. */
  dependent: boolean
  /** Names of [project.optional-dependencies]. */
  extras: string[]
  /** Whether the build backend tells the extras. */
  dynamicExtras: boolean
  /** Names of PEP 735 [dependency-groups]. */
  groups: string[]
}

/** [build-system], with PEP 518's defaults where it is missing. */
export interface BuildSystem {
  requires: string[]
  backend: string
  backendPath: string[]
}

const LEGACY: Table & { "build-backend": string } = {
  requires: ["setuptools>=40.8.0"],
  "build-backend": "setuptools.build_meta:__legacy__",
}

/** Reads [build-system]. */
export function buildSystem(pyproject: Table): BuildSystem {
  const written = table(pyproject["build-system"])
  const system = "build-system" in pyproject ? written : LEGACY
  return {
    requires: texts(system.requires),
    backend: text(system["build-backend"]) ?? LEGACY["build-backend"],
    backendPath: texts(system["backend-path"]),
  }
}

/** The path from the repository's top to the package, checked to stay inside. */
export function packagePath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".")
  if (path.startsWith("/") || parts.includes("..")) {
    throw new Error(
      `--path=${path} leaves the source folder. Pass a path inside it, such as packages/demo.`,
    )
  }
  return parts.join("/") || "."
}

function missing(facts: Facts, path: string): Error {
  if (facts.setup.files.length > 0) return unknownVersion(facts.setup)
  const found = facts.projects.map((folder) => `--path=${folder}`).join(" or ")
  const where = path === "." ? "the source folder" : `${path}/`
  const inside = found === "" ? "--path" : found
  return new Error(
    `There is no pyproject.toml in ${where}. Pass the project's folder with --source=. (from inside it), and the package inside it with ${inside}.`,
  )
}

/**
 * Reads what a release needs from pyproject.toml.
 *
 * @throws a sentence where there is no such file, it does not parse, neither
 *   it nor setup.cfg and setup.py have a name, or nothing says where the
 *   version comes from
 */
export function readProject(facts: Facts, path: string): Project {
  if (facts.pyproject === null) throw missing(facts, path)
  const file = path === "." ? "pyproject.toml" : `${path}/pyproject.toml`
  const pyproject = parseToml(facts.pyproject, file)
  const project = table(pyproject.project)
  const build = buildSystem(pyproject)
  const classic = isClassic(pyproject, build.backend, facts)
    ? readClassic(pyproject, facts.setup, file)
    : undefined
  const name = classic?.name ?? text(project.name)
  if (name === undefined) {
    throw new Error(
      "project" in pyproject
        ? `[project] in ${file} has no name. Add name = "…".`
        : `${file} has no [project] table, so it names no project. Add [project] with name, and version or dynamic = ["version"]; \`migrate\` writes it for a project on Poetry or flit.`,
    )
  }
  const version = text(project.version)
  if (version !== undefined && valid(version) === null) {
    throw new Error(
      `[project] in ${file} says version = "${version}", which is no version by PEP 440. Write one such as 0.6.0.`,
    )
  }
  const id = classic?.provider ?? providerOf(pyproject, file)
  const settings = settingsOf(id, pyproject, file)
  if (id === "setuptools-scm" && facts.settingsInSetup) {
    throw new Error(
      `setup.py gives setuptools-scm settings (use_scm_version), which only a build sees. Move them to [tool.setuptools_scm] in ${file}.`,
    )
  }
  return {
    name,
    version,
    provider: id,
    settings,
    tagging: readTagging(settings, name, file),
    build,
    dependent:
      classic?.dependent ||
      texts(project.dependencies).length > 0 ||
      texts(project.dynamic).includes("dependencies"),
    extras:
      classic?.extras ?? Object.keys(table(project["optional-dependencies"])),
    dynamicExtras: texts(project.dynamic).includes("optional-dependencies"),
    groups: Object.keys(table(pyproject["dependency-groups"])),
  }
}
