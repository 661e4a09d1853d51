import { extname } from "node:path"
import { type Table, table, text, texts } from "../toml.js"
import type { OldBackendId } from "./backends.js"
import { extraName, markerFor } from "./markers.js"
import type { Survey } from "./survey.js"

/**
 * A requirement as one extra has it, or the project alone (null): of
 * `foo>=1; python_version < "3.9" and extra == "x"` the extra x has
 * `foo>=1; python_version < "3.9"`, and nobody else has anything.
 */
export function needFor(
  line: string,
  extra: string | null,
): string | undefined {
  // An address may have a semicolon, but no blank before it.
  const between = / @ /.test(line) ? /\s+;\s*/ : /\s*;\s*/
  const [need = "", marker = ""] = line.split(between)
  const left = markerFor(marker, extra)
  if (left === false) return undefined
  const bare = need
    .replace(/^([\w.-]+(?:\[[^\]]*\])?) \(([^()]*)\)/, "$1$2")
    .trim()
  return left === true ? bare : `${bare}; ${left}`
}

type Fields = Survey["wheel"]["fields"]

/** Those that an address field names, without the quotes around names. */
export function mailboxes(field: string): string[] {
  const parts = field.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/g) ?? []
  return parts.map((part) =>
    part
      .trim()
      .replace(/^"((?:\\.|[^"\\])*)"/, (_, name: string) =>
        name.replace(/\\(.)/g, "$1"),
      ),
  )
}

/** `Ada <ada@example.org>`, or either of them, as [project] has people. */
function person(written: string): Table {
  const [, name, email] = /^(.*?)\s*<(.*)>$/.exec(written) ?? []
  if (name && email) return { name, email }
  const bare = email ?? written
  return bare.includes("@") ? { email: bare } : { name: bare }
}

function people(fields: Fields, role: "Author" | "Maintainer"): Table[] {
  const names = (fields[role] ?? []).flatMap((value) => value.split(/,\s*/))
  const mails = (fields[`${role}-email`] ?? []).flatMap(mailboxes)
  return [...names.map((name) => ({ name })), ...mails.map(person)]
}

/**
 * The people of a project on Poetry where they are several: the metadata that
 * it writes has the first of them.
 */
export function poetryPeople(pyproject: Table): Table {
  const poetry = table(table(pyproject.tool).poetry)
  const lists = ["authors", "maintainers"].map(
    (role) => [role, texts(poetry[role])] as const,
  )
  return Object.fromEntries(
    lists.flatMap(([role, list]) =>
      list.length > 1 ? [[role, list.map(person)]] : [],
    ),
  )
}

/** Names, addresses, and both, of everybody in [project]. */
export function peopleIn(project: Table): string[] {
  const all = [project.authors, project.maintainers].flatMap((list) =>
    Array.isArray(list) ? list.map(table) : [],
  )
  return all.flatMap(({ name, email }) => {
    const known = [text(name), text(email)].filter((it) => it !== undefined)
    return known.length === 2 ? [...known, `${name} <${email}>`] : known
  })
}

function urls(fields: Fields): Table {
  const pairs = (fields["Project-URL"] ?? []).map((value) => {
    const at = value.indexOf(",")
    return [value.slice(0, at).trim(), value.slice(at + 1).trim()] as const
  })
  const [home] = fields["Home-page"] ?? []
  return Object.fromEntries([
    ...(home === undefined ? [] : [["Homepage", home] as const]),
    ...pairs,
  ])
}

/** What setuptools takes a readme for, by its extension. */
const READMES: Record<string, string> = {
  ".md": "text/markdown",
  ".rst": "text/x-rst",
}

function readme({ wheel, readme: file }: Survey): unknown {
  if (file === null) return undefined
  const [type = ""] = wheel.fields["Description-Content-Type"] ?? []
  const guessed = READMES[extname(file)]
  return type.split(";")[0] === guessed ? file : { file, "content-type": type }
}

function license(fields: Fields): unknown {
  const [expression] = fields["License-Expression"] ?? []
  const [words] = fields.License ?? []
  return expression ?? (words === undefined ? undefined : { text: words })
}

/** The requirements of an extra, or of the project alone (null). */
function needs(fields: Fields, extra: string | null): string[] {
  const lines = fields["Requires-Dist"] ?? []
  return lines.flatMap((line) => {
    const need = needFor(line, extra)
    const always = extra !== null && need === needFor(line, null)
    return need === undefined || always ? [] : [need]
  })
}

function extras(fields: Fields): Table {
  const names = fields["Provides-Extra"] ?? []
  return Object.fromEntries(names.map((name) => [name, needs(fields, name)]))
}

function otherEntryPoints(entryPoints: Survey["wheel"]["entryPoints"]): Table {
  const { console_scripts: _, gui_scripts: __, ...others } = entryPoints
  return others
}

/** Every field of [project], read off the metadata that was built. */
const FIELDS: Record<string, (survey: Survey) => unknown> = {
  description: ({ wheel }) => wheel.fields.Summary?.[0],
  readme,
  "requires-python": ({ wheel }) => wheel.fields["Requires-Python"]?.[0],
  license: ({ wheel }) => license(wheel.fields),
  authors: ({ wheel }) => people(wheel.fields, "Author"),
  maintainers: ({ wheel }) => people(wheel.fields, "Maintainer"),
  keywords: ({ wheel }) =>
    (wheel.fields.Keywords?.[0] ?? "").split(/\s*,\s*/).filter(Boolean),
  classifiers: ({ wheel }) => wheel.fields.Classifier,
  dependencies: ({ wheel }) => needs(wheel.fields, null),
  "optional-dependencies": ({ wheel }) => extras(wheel.fields),
  urls: ({ wheel }) => urls(wheel.fields),
  scripts: ({ wheel }) => wheel.entryPoints.console_scripts,
  "gui-scripts": ({ wheel }) => wheel.entryPoints.gui_scripts,
  "entry-points": ({ wheel }) => otherEntryPoints(wheel.entryPoints),
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    (typeof value === "object" &&
      value !== null &&
      Object.keys(value).length === 0)
  )
}

/** Values of those fields of [project] that have one, in the usual order. */
export function projectFields(survey: Survey, names: string[]): Table {
  const asked = Object.entries(FIELDS).filter(([name]) => names.includes(name))
  const values = asked.map(([name, read]) => [name, read(survey)] as const)
  return Object.fromEntries(values.filter(([, value]) => !isEmpty(value)))
}

/** [project] as a whole, for a project that has none. */
export function projectTable(survey: Survey): Table {
  const { description, ...rest } = projectFields(survey, Object.keys(FIELDS))
  return {
    name: survey.wheel.fields.Name?.[0],
    dynamic: ["version"],
    ...(description !== undefined && { description }),
    ...rest,
  }
}

/** Extras that ask for the project's own: hatchling writes out what they are. */
export function selfReferences(pyproject: Table): string[] {
  const project = table(pyproject.project)
  const name = extraName(text(project.name) ?? "")
  const isOwn = (need: string) => {
    const [, other = ""] = /^([\w.-]+)\s*\[/.exec(need) ?? []
    return extraName(other) === name
  }
  return Object.entries(table(project["optional-dependencies"]))
    .filter(([, needs]) => texts(needs).some(isOwn))
    .map(([extra]) => extra)
}

/** The requirements of some extras, as they were built. */
export function builtExtras(survey: Survey, names: string[]): Table {
  const built = extras(survey.wheel.fields)
  return Object.fromEntries(
    names.flatMap((name) => {
      const needs = built[extraName(name)]
      return needs === undefined ? [] : [[name, needs]]
    }),
  )
}

/** The fields of [project] that are left to the old backend. */
export function dynamicFields({
  pyproject,
  backend,
}: {
  pyproject: Table
  backend: OldBackendId
}): string[] {
  // It fills them in from now on as it did before.
  if (backend === "setuptools") return []
  const project = table(pyproject.project)
  const dynamic = texts(project.dynamic).filter((name) => name !== "version")
  if (backend !== "poetry") return dynamic
  // Its own table gives what [project] does not say, and it adds classifiers
  // of licence and Python versions, asked for or not.
  const unsaid = Object.keys(FIELDS).filter((name) => !(name in project))
  return [...new Set([...dynamic, "classifiers", ...unsaid])]
}

/** Whether a project has SPDX licence fields, which PEP 639 added. */
export function usesSpdx(project: Table): boolean {
  return text(project.license) !== undefined || "license-files" in project
}
