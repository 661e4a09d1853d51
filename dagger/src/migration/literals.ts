import { folderOf, type Layout, topOf } from "./layout.js"
import type { Literal, Survey } from "./survey.js"

/** A part of a text file, and what goes in its place. */
export interface TextEdit {
  path: string
  /** Offsets of the part. */
  start: number
  end: number
  text: string
}

/** The module that setuptools-scm writes, if there is a package to hold it. */
export interface VersionModule {
  /** Its path from the package's folder: `src/demo/_version.py`. */
  path: string
  /** What it is imported as: `demo._version`. */
  module: string
}

function normalised(name: string): string {
  return name.replace(/[-_.]+/g, "_").toLowerCase()
}

/** The package that shall hold the version: the one that has had it. */
function versionPackage(
  { packages, where }: Layout,
  { literals }: Survey,
  project: string,
): string | undefined {
  const prefix = where === "." ? "" : `${where}/`
  const has = (name: string) =>
    literals.some(
      ({ path, names }) =>
        names.includes("__version__") && path.startsWith(`${prefix}${name}/`),
    )
  const named = (name: string) => name.toLowerCase() === normalised(project)
  return (
    packages.find((name) => named(name) && has(name)) ??
    packages.find(has) ??
    packages.find(named) ??
    packages[0]
  )
}

/** The topmost folder of a package that can be imported from. */
function regularFolder(name: string, { sources }: Layout): string {
  const inits = [...sources.keys()]
    .filter((path) => topOf(path) === name && path.endsWith("/__init__.py"))
    .map(folderOf)
    .sort((one, other) => one.length - other.length)
  return inits[0] ?? name
}

/**
 * Where the version is written. A module `_version.py` that holds nothing but
 * constants is written anew; one that does more is left alone.
 *
 * @param given - where the old backend wrote it
 */
export function versionModule(
  layout: Layout,
  survey: Survey,
  project: string,
  given?: string,
): VersionModule | undefined {
  const prefix = layout.where === "." ? "" : `${layout.where}/`
  const asModule = (path: string) =>
    path.slice(prefix.length).replace(/\.py$/, "").replaceAll("/", ".")
  if (given !== undefined) return { path: given, module: asModule(given) }
  const name = versionPackage(layout, survey, project)
  if (name === undefined) return undefined
  const folder = prefix + regularFolder(name, layout)
  const path = `${folder}/_version.py`
  const there = survey.tracked.some((file) => file.path === path)
  const free = !there || survey.onlyAssigns.includes(path)
  const chosen = free ? path : `${folder}/_scm_version.py`
  return { path: chosen, module: asModule(chosen) }
}

/** `._version` from the same folder, `.._version` from one below. */
function relativeModule(from: string, { path, module }: VersionModule) {
  const home = folderOf(path)
  const folder = folderOf(from)
  if (folder !== home && !folder.startsWith(`${home}/`)) return module
  const depth = folder.slice(home.length).split("/").length
  return `${".".repeat(depth)}${module.split(".").at(-1)}`
}

function importText(names: string[], module: string): string {
  const isOther = (name: string) => Number(name !== "__version__")
  const [first = "", ...others] = [...names].sort(
    (one, other) => isOther(one) - isOther(other),
  )
  const as = first === "__version__" ? "" : ` as ${first}`
  const rest = others.map((name) => `\n${name} = ${first}`)
  return `from ${module} import __version__${as}${rest.join("")}`
}

/** A module beside no package asks what is installed. */
function metadataText(names: string[], project: string): string {
  const targets = names.join(" = ")
  return `from importlib.metadata import version as _version\n\n${targets} = _version("${project}")`
}

/** Whether an assignment is the project's version and not just equal to it. */
function isVersion({ names, value }: Literal, version: string): boolean {
  return (
    names.includes("__version__") ||
    (value === version && names.some((name) => /version/i.test(name)))
  )
}

/** The literals that are replaced: those in what is installed. */
export function ownLiterals(
  { sources }: Layout,
  { literals, version }: Survey,
  module: VersionModule | undefined,
): Literal[] {
  const installed = new Set(sources.values())
  return literals.filter(
    (literal) =>
      installed.has(literal.path) &&
      literal.path !== module?.path &&
      isVersion(literal, version),
  )
}

/** The edits that put an import in the place of each literal. */
export function literalEdits(
  literals: Literal[],
  module: VersionModule | undefined,
  project: string,
): TextEdit[] {
  return literals.map(({ path, start, end, names }) => ({
    ...{ path, start, end },
    text:
      module === undefined
        ? metadataText(names, project)
        : importText(names, relativeModule(path, module)),
  }))
}
