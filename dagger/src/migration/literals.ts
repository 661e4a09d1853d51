import type { VersionHook } from "./backends.js"
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
  /** How it is written, where the project says so. */
  template?: string
}

/** Names for it, the first that is free: a file may be there and do more. */
const NAMES = ["_version", "_scm_version"]

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
 * what setuptools-scm writes, too, is written anew; one with more is left
 * alone.
 *
 * @param given - where the old backend wrote it, and how
 */
export function versionModule(
  layout: Layout,
  survey: Survey,
  project: string,
  given?: VersionHook,
): VersionModule | undefined {
  const prefix = layout.where === "." ? "" : `${layout.where}/`
  const asModule = (path: string) =>
    path.slice(prefix.length).replace(/\.py$/, "").replaceAll("/", ".")
  if (given?.file !== undefined) {
    const { file: path, template } = given
    const module = asModule(path)
    return { path, module, ...(template !== undefined && { template }) }
  }
  const name = versionPackage(layout, survey, project)
  if (name === undefined) return undefined
  const folder = prefix + regularFolder(name, layout)
  const there = new Set(survey.tracked.map((tracked) => tracked.path))
  const path = NAMES.map((it) => `${folder}/${it}.py`).find(
    (it) => !there.has(it) || survey.onlyVersions.includes(it),
  )
  return path === undefined ? undefined : { path, module: asModule(path) }
}

/** Whether `__version__` can be imported from it: a template may lack it. */
function hasVersion({ template }: VersionModule): boolean {
  return template === undefined || /^\s*__version__\b/m.test(template)
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
  return `from importlib.metadata import version as _version_of\n\n${targets} = _version_of("${project}")`
}

/** Names that are of the version itself: SCHEMA_VERSION is of a schema. */
const VERSION = /^_*version_*$/i

/** Modules that state the version of what they are in. */
const STATING = /^(__init__|_*(version|about)_*)\.py$/i

/** Folders of other projects' code. */
const VENDORED = /(^|\/)_*(vendor(ed|s)?|third_?party|externals?|bundled)_*\//i

/** Whether an assignment looks like a version. */
function isVersion({ names, value }: Literal, version: string): boolean {
  return (
    names.includes("__version__") ||
    (value === version && names.some((name) => /version/i.test(name)))
  )
}

/**
 * Whether a version is the project's. The same value may be so by chance, and
 * another one is a stale one only where a package has its version.
 */
function isOwn(
  { path, names, value }: Literal,
  { version }: Survey,
  { modules }: Layout,
  module: VersionModule | undefined,
): boolean {
  if (VENDORED.test(path) || !names.some((name) => VERSION.test(name)))
    return false
  if (value === version) return true
  if (module === undefined) return modules.length === 1
  const [file = ""] = path.split("/").slice(-1)
  return folderOf(path) === folderOf(module.path) && STATING.test(file)
}

/** Versions in what is installed: those that are replaced, and others. */
export function ownLiterals(
  layout: Layout,
  survey: Survey,
  module: VersionModule | undefined,
): { own: Literal[]; foreign: Literal[] } {
  const installed = new Set(layout.sources.values())
  const found = survey.literals.filter(
    (literal) =>
      installed.has(literal.path) &&
      literal.path !== module?.path &&
      isVersion(literal, survey.version),
  )
  const own = found.filter((it) => isOwn(it, survey, layout, module))
  return { own, foreign: found.filter((it) => !own.includes(it)) }
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
      module === undefined || !hasVersion(module)
        ? metadataText(names, project)
        : importText(names, relativeModule(path, module)),
  }))
}
