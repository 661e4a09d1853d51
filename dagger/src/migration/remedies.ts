import type { Difference } from "./differences.js"
import { folderOf, topOf } from "./layout.js"

/** Fields of METADATA, and the key of [project] that each is made of. */
const KEYS: Record<string, string> = {
  Name: "name",
  Summary: "description",
  Description: "readme",
  "Description-Content-Type": "readme",
  "Requires-Python": "requires-python",
  License: "license",
  "License-Expression": "license",
  "License-File": "license-files",
  Author: "authors",
  "Author-email": "authors",
  Maintainer: "maintainers",
  "Maintainer-email": "maintainers",
  Keywords: "keywords",
  Classifier: "classifiers",
  "Project-URL": "urls",
  "Home-page": "urls",
  "Download-URL": "urls",
  "Requires-Dist": "dependencies",
  "Provides-Extra": "optional-dependencies",
}

/** Fields of METADATA, and the key of [tool.setuptools] that gives them. */
const OWN_KEYS: Record<string, string> = {
  Platform: "platforms",
  Provides: "provides",
  Obsoletes: "obsoletes",
}

const WHEEL: Record<string, string> = {
  "WHEEL Tag":
    "Write `[tool.distutils.bdist_wheel]` `universal = true` for py2.py3, or drop Python 2",
  "WHEEL Root-Is-Purelib": "Name C extensions with `ext-modules` in setup.py",
}

// A build hook may have put it together of several files.
const README =
  'Name a file that has it in [project], such as readme = "README.md", and remove what made it instead: "readme" in dynamic, and the build hook'

/** Groups of entry points that have a table of their own. */
const SCRIPTS: Record<string, string> = {
  console_scripts: "[project.scripts]",
  gui_scripts: "[project.gui-scripts]",
}

function lostFromWheel(name: string): string {
  if (name.startsWith(".dist-info/licenses/")) {
    const file = name.slice(".dist-info/licenses/".length)
    return `Name it in [project]: license-files = ["${file}"]`
  }
  if (name.startsWith(".data/data/")) {
    const folder = folderOf(name.slice(".data/data/".length))
    return `Name its file in [tool.setuptools.data-files]: "${folder}" = ["…"]`
  }
  if (name.startsWith(".data/"))
    return 'Name its file in [tool.setuptools]: script-files = ["…"]'
  if (!name.includes("/"))
    return `Name it in [tool.setuptools]: py-modules = ["${name.replace(/\.py$/, "")}"]`
  if (name.endsWith(".py"))
    return `Let [tool.setuptools.packages.find] take it: include = ["${topOf(name)}*"], and its folder in where`
  const file = name.slice(topOf(name).length + 1)
  return `Name it in [tool.setuptools.package-data]: ${topOf(name)} = ["${file}"], after putting the file into the repository if the old backend made it`
}

function addedToWheel(name: string): string {
  if (name.startsWith(".dist-info/licenses/"))
    return "Name just the others in [project]: license-files"
  if (!name.includes("/"))
    return "Name just the others in [tool.setuptools]: py-modules"
  const folder = folderOf(name).replaceAll("/", ".")
  const file = name.split("/").at(-1)
  return name.endsWith(".py")
    ? `Leave it out in [tool.setuptools.packages.find]: exclude = ["${folder}*"], or move it out of the package`
    : `Leave it out in [tool.setuptools.exclude-package-data]: "${folder}" = ["${file}"]`
}

function mendField(name: string): string {
  const known = WHEEL[name]
  if (known !== undefined) return known
  const [, group = "", entry] = /^\[(.*)\] (.*)$/.exec(name) ?? []
  if (entry !== undefined) {
    const table = SCRIPTS[group] ?? `[project.entry-points."${group}"]`
    return `Write ${entry} in ${table} as it was`
  }
  if (KEYS[name] === "readme") return README
  if (KEYS[name] !== undefined) return `Write it in [project]: ${KEYS[name]}`
  const key = OWN_KEYS[name]
  return key === undefined
    ? `setuptools cannot write it: let the release before be one without it`
    : `Write it in [tool.setuptools]: ${key}`
}

/** What mends a difference that is not meant, by where and what it is. */
function mend({ in: where, kind, name }: Difference, root: string): string {
  if (kind === "executable") {
    const path = root === "." ? name : `${root}/${name}`
    return `setuptools makes modules not executable: drop the bit before (git update-index --chmod=-x ${path}), or make it an entry point`
  }
  if (kind === "field" || kind === "spelling") return mendField(name)
  if (kind === "broken")
    return "Let it import its version from somewhere else, or not state it in a module that does more"
  if (kind === "names")
    return "Move what is lost into a module that nothing writes, and import them from there"
  if (kind === "changed") return "Let no build hook change it"
  if (where === "sdist")
    return kind === "lost"
      ? `Write \`include ${name}\` in MANIFEST.in, after putting the file into the repository`
      : `Write \`exclude ${name}\` in MANIFEST.in`
  return kind === "lost" ? lostFromWheel(name) : addedToWheel(name)
}

/** How much of a value is shown: descriptions are whole documents. */
const SHOWN = 80

function short(value: string): string {
  const line = value.replace(/\s+/g, " ").trim()
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}

function values(list: string[] = []): string {
  return list.length === 0 ? "nothing" : list.map(short).join(", ")
}

function what({ kind, name, before, after }: Difference): string {
  if (kind === "executable") return `${name} is executable on one side only`
  if (kind === "broken") return `${name} does not compile: ${values(after)}`
  if (kind === "names") return `${name} has lost ${values(before)}`
  if (kind !== "field" && kind !== "spelling") return `${name} is ${kind}`
  const left = (before ?? []).filter((value) => !after?.includes(value))
  const right = (after ?? []).filter((value) => !before?.includes(value))
  return `${name} was ${values(left)}, and is ${values(right)}`
}

/** A difference that is not meant, and the setting that mends it. */
export function remedy(difference: Difference, where: string): string {
  return `${difference.in}: ${what(difference)}. ${mend(difference, where)}.`
}
