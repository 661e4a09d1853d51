import { isClassic } from "../classic.js"
import type { Facts } from "../facts.js"
import { buildSystem, type Project, readProject } from "../project.js"
import { PROVIDERS } from "../provider.js"
import { PLAIN } from "../tagging.js"
import { parseToml, type Table, table, text, texts } from "../toml.js"
import { type OldBackendId, oldBackend } from "./backends.js"

/** A project before its migration. */
export interface OldProject {
  backend: OldBackendId
  pyproject: Table
  project: Project
  fromGit: boolean
}

/** Whether a project's version comes from setuptools-scm already. */
export function isMigrated(pyproject: Table): boolean {
  return (
    !PROVIDERS.static.named(pyproject) &&
    PROVIDERS["setuptools-scm"].named(pyproject)
  )
}

/** A project's name, also where it is in a backend's own table. */
export function nameOf(pyproject: Table): string | undefined {
  const { poetry, flit } = table(pyproject.tool)
  return (
    text(table(pyproject.project).name) ??
    text(table(poetry).name) ??
    text(table(table(flit).metadata).module)
  )
}

/**
 * The name that setup.cfg or setup.py gives a project, where they count. A
 * computed one is found out by building, as the version is.
 */
export function nameInSetup(
  facts: Facts,
  pyproject: Table,
): string | undefined {
  const { backend } = buildSystem(pyproject)
  return isClassic(pyproject, backend, facts)
    ? (facts.setup.name ?? "The project")
    : undefined
}

/** Whether a backend other than hatchling asks git itself. */
function asksGit(pyproject: Table): boolean {
  const version = table(table(table(pyproject.tool).pdm).version)
  return version.source === "scm"
}

/**
 * Reads a project as its old backend builds it. One whose version is in a
 * file is built as what that says, which is found out by building.
 *
 * @throws a sentence where there is no way from that backend, or from what
 *   the project says
 */
export function readOld(facts: Facts, path: string): OldProject {
  const file = path === "." ? "pyproject.toml" : `${path}/pyproject.toml`
  // A missing file, with nothing in its place, is a sentence of readProject's.
  const pyproject = parseToml(facts.pyproject ?? "", file)
  return readOldProject(facts, path, pyproject)
}

function readOldProject(
  facts: Facts,
  path: string,
  pyproject: Table,
): OldProject {
  const build = buildSystem(pyproject)
  const name = nameOf(pyproject) ?? nameInSetup(facts, pyproject)
  const file = path === "." ? "pyproject.toml" : `${path}/pyproject.toml`
  if (name === undefined)
    return unnamed(facts, path, pyproject, oldBackend(build.backend, file))
  const backend = oldBackend(build.backend, file)
  refuseImportNames(table(pyproject.project), file)
  refuseOtherKeys(table(pyproject.project), file)
  if (PROVIDERS["hatch-vcs"].named(pyproject)) {
    const project = readProject(facts, path)
    return { backend, pyproject, project, fromGit: true }
  }
  const project: Project = {
    ...{ name, provider: "static", settings: {}, tagging: PLAIN, build },
    version: text(table(pyproject.project).version) ?? "0",
    dependent: texts(table(pyproject.project).dependencies).length > 0,
    ...{ extras: [], dynamicExtras: false, groups: [] },
  }
  return { backend, pyproject, project, fromGit: asksGit(pyproject) }
}

/** Metadata 2.5 has what can be imported, and setuptools stops where it stands. */
function refuseImportNames(project: Table, file: string): void {
  const told = ["import-names", "import-namespaces"].filter(
    (key) => key in project || texts(project.dynamic).includes(key),
  )
  if (told.length === 0) return
  throw new Error(
    `${file} has ${told.join(" and ")} in [project], and setuptools cannot build with that yet. Remove it if nothing needs that metadata, or stay with the backend that writes it.`,
  )
}

/** Every key of [project]: https://packaging.python.org/specifications/pyproject-toml/. */
const KEYS = new Set([
  ...["name", "version", "description", "readme", "requires-python"],
  ...["license", "license-files", "authors", "maintainers", "keywords"],
  ...["classifiers", "urls", "scripts", "gui-scripts", "entry-points"],
  ...["dependencies", "optional-dependencies", "dynamic"],
])

/** Other backends pass over what they do not know. */
function refuseOtherKeys(project: Table, file: string): void {
  const others = Object.entries(project).filter(([key]) => !KEYS.has(key))
  const [first] = others
  if (first === undefined) return
  const names = others.map(([key]) => key).join(" and ")
  const [key, value] = first
  const link = /^https?:/.test(text(value) ?? "")
  throw new Error(
    `${file} has ${names} in [project], which is no field of it, and setuptools stops at that. ${link ? `Move it to [project.urls], such as ${key} = "${value}"` : "Remove it"}.`,
  )
}

/** A project without a name is refused as everywhere else. */
function unnamed(
  facts: Facts,
  path: string,
  pyproject: Table,
  backend: OldBackendId,
): OldProject {
  const project = readProject(facts, path)
  return { backend, pyproject, project, fromGit: false }
}
