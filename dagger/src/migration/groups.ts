import { type Table, table, text, texts } from "../toml.js"
import type { OldBackendId } from "./backends.js"
import type { Edit } from "./plan.js"
import { poetryRequirement } from "./poetry-requirement.js"

/** A requirement, or `{ "include-group": "test" }`. */
type Item = string | Table

/** The groups that an old backend's tables hold, as [dependency-groups]. */
export interface Groups {
  groups: Record<string, Item[]>
  /** What [dependency-groups] has no words for, in sentences. */
  notes: string[]
  /** The old table, less what went to [dependency-groups]: it stays. */
  left: { path: string[]; groups: Record<string, string[]> } | undefined
}

const NONE: Groups = { groups: {}, notes: [], left: undefined }

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** Where else than PyPI Poetry looks, which goes with its table. */
function sourceNotes(poetry: Table): string[] {
  const sources = Array.isArray(poetry.source) ? poetry.source.map(table) : []
  const needs = Object.entries(table(poetry.dependencies))
  return sources.map(({ name, url }) => {
    const from = needs
      .filter(([, need]) => list(need).some((it) => table(it).source === name))
      .map(([need]) => need)
    const came = from.length > 0 ? ` ${from.join(", ")} came from there.` : ""
    return `The index ${name} (${url}) goes with [tool.poetry], and installers that are not told of it ask PyPI for the same names.${came} Name it where you install, such as in [[tool.uv.index]] or by --index-url.`
  })
}

function poetryGroups(tool: Table): Groups {
  const poetry = table(tool.poetry)
  const old = poetry["dev-dependencies"]
  const written: [string, Table][] = [
    ...(old === undefined
      ? []
      : [["dev", { dependencies: old }] satisfies [string, Table]]),
    ...Object.entries(table(poetry.group)).map(
      ([name, group]): [string, Table] => [name, table(group)],
    ),
  ]
  const groups: Record<string, Item[]> = {}
  const notes: string[] = []
  for (const [group, content] of written) {
    const items = groups[group] ?? []
    groups[group] = items
    for (const name of texts(content["include-groups"]))
      items.push({ "include-group": name })
    for (const [name, value] of Object.entries(table(content.dependencies))) {
      // Poetry has a list where versions differ by interpreter or platform.
      for (const one of list(value)) {
        const read = poetryRequirement(name, one)
        if ("reason" in read)
          notes.push(
            `The dependency ${group}: ${name} ${read.reason}, which [dependency-groups] cannot say; it was left out.`,
          )
        else items.push(read.requirement)
        if (table(one)["allow-prereleases"] === true)
          notes.push(
            `The dependency ${group}: ${name} takes pre-releases, which [dependency-groups] cannot say: installers do so with --pre.`,
          )
      }
    }
  }
  return { groups, notes: [...notes, ...sourceNotes(poetry)], left: undefined }
}

/** Whether only PDM reads a requirement: `-e file:///${PROJECT_ROOT}/sub`. */
function isOwnForm(requirement: string): boolean {
  return /^-|\$\{/.test(requirement)
}

function pdmGroups(tool: Table): Groups {
  const path = ["tool", "pdm", "dev-dependencies"]
  const written = Object.entries(table(table(tool.pdm)["dev-dependencies"]))
  const groups: Record<string, Item[]> = {}
  const left: Record<string, string[]> = {}
  const notes: string[] = []
  for (const [name, needs] of written) {
    const own = texts(needs).filter(isOwnForm)
    groups[name] = texts(needs).filter((need) => !own.includes(need))
    if (own.length > 0) left[name] = own
    for (const need of own)
      notes.push(
        `The dependency ${name}: ${need} is a path of PDM's own form, which [dependency-groups] cannot say; it stays in [${path.join(".")}].`,
      )
  }
  const stays = Object.keys(left).length > 0
  return { groups, notes, left: stays ? { path, groups: left } : undefined }
}

const READERS: Partial<Record<OldBackendId, (tool: Table) => Groups>> = {
  poetry: poetryGroups,
  pdm: pdmGroups,
}

/** The groups that the old backend's tables hold. */
export function oldGroups(backend: OldBackendId, pyproject: Table): Groups {
  return READERS[backend]?.(table(pyproject.tool)) ?? NONE
}

function normalised(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase()
}

/** What a group has one of only: a requirement's name, or a group's. */
function subject(item: unknown): string {
  const [name = ""] = /^[\w.-]+/.exec(text(item) ?? "") ?? []
  const group = text(table(item)["include-group"])
  return group === undefined ? normalised(name) : `group ${normalised(group)}`
}

/** How groups get into pyproject.toml. */
export interface GroupEdits {
  edits: Edit[]
  added: Table
  notes: string[]
}

/** Adds what a group that is there has not, and says what it has otherwise. */
function extended(
  name: string,
  known: unknown[],
  items: Item[],
): Pick<GroupEdits, "edits" | "notes"> {
  const there = new Map(known.map((item) => [subject(item), item]))
  const added = items.filter((item) => !there.has(subject(item)))
  const other = items.filter(
    (item) => typeof item === "string" && !known.includes(item),
  )
  const edit: Edit = {
    ...{ do: "change", path: ["dependency-groups", name] },
    ...{ removed: [], added },
  }
  return {
    edits: added.length > 0 ? [edit] : [],
    notes: other
      .filter((item) => !added.includes(item))
      .map(
        (item) =>
          `[dependency-groups] ${name} has ${there.get(subject(item))} already; ${item} of the old table was left out.`,
      ),
  }
}

function set(path: string[], value: unknown): Edit {
  return { do: "set", path, value }
}

/** Takes out of the old table what went elsewhere. */
function leftEdits(
  groups: Groups["groups"],
  left: NonNullable<Groups["left"]>,
): Edit[] {
  return Object.keys(groups).map((name) => {
    const path = [...left.path, name]
    const value = left.groups[name]
    return value === undefined ? { do: "remove", path } : set(path, value)
  })
}

/** The edits that write groups, beside those that are there. */
export function groupEdits(
  pyproject: Table,
  { groups, left }: Groups,
): GroupEdits {
  const at = "dependency-groups"
  const stays = left === undefined ? [] : leftEdits(groups, left)
  if (!(at in pyproject)) {
    const some = Object.keys(groups).length > 0
    return { edits: stays, added: some ? { [at]: groups } : {}, notes: [] }
  }
  const known = table(pyproject[at])
  const names = new Map(Object.keys(known).map((it) => [normalised(it), it]))
  const written = Object.entries(groups).map(([group, items]) => {
    const name = names.get(normalised(group))
    return name === undefined
      ? { edits: [set([at, group], items)], notes: [] }
      : extended(name, list(known[name]), items)
  })
  return {
    edits: [...stays, ...written.flatMap(({ edits }) => edits)],
    added: {},
    notes: written.flatMap(({ notes }) => notes),
  }
}
