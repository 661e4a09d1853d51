import type { OldBackendId } from "./backends.js"
import type { Layout } from "./layout.js"
import type { SaidLicence } from "./licences.js"
import type { VersionModule } from "./literals.js"
import { mailboxes } from "./project-table.js"
import { remedy } from "./remedies.js"
import { SETUP_SCRIPT } from "./setup-script.js"

/**
 * What a difference is. `spelling`: the same said in another way, or in another
 * order. `broken`: a module that does not compile. `names`: what can no longer
 * be imported from one.
 */
type Kind =
  | "lost"
  | "added"
  | "changed"
  | "executable"
  | "field"
  | "spelling"
  | "broken"
  | "names"

/** One difference, as tools/migration/compare.py prints it. */
export interface Difference {
  in: "wheel" | "sdist"
  kind: Kind
  /** A path in the archive, or a field's name. */
  name: string
  sha256?: string
  before?: string[]
  after?: string[]
}

/** What the migration did on purpose. */
export interface Intent {
  layout: Pick<Layout, "where">
  version: VersionModule | undefined
  /** Files that it changed, from the package's folder. */
  changed: string[]
  deleted: string[]
  classifiers: string[]
  /** The backend that it is migrated from. */
  from: OldBackendId
  /** How many licence files the old wheel had. */
  licences: number
  /** Everybody that [project] names, as metadata may write them. */
  people: string[]
  /** What [project] says of the licence. */
  licence: SaidLicence | undefined
}

/** A difference that is meant: a row of the table below, and what it took. */
export interface Meant {
  id: string
  says: string
  items: string[]
}

/** A path in a wheel as the repository has it. */
function inRepository(path: string, { layout }: Intent): string {
  return layout.where === "." ? path : `${layout.where}/${path}`
}

function isOne(
  { in: where, name }: Difference,
  paths: string[],
  intent: Intent,
) {
  const path = where === "wheel" ? inRepository(name, intent) : name
  return paths.includes(path) || paths.includes(inRepository(name, intent))
}

/** Values that only one side has. */
function others(one: string[] = [], other: string[] = []): string[] {
  return one.filter((value) => !other.includes(value))
}

/** A text without the blanks that metadata has before its further lines. */
function lines(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, "\n")
}

/** Whether an sdist has a file where the repository has it, and had it bare. */
function isMoved(
  { in: where, kind, name }: Difference,
  intent: Intent,
  all: Difference[],
): boolean {
  const full = inRepository(name, intent)
  return all.some(
    (it) =>
      kind === "lost" &&
      it.in === where &&
      it.kind === "added" &&
      it.name === full,
  )
}

interface Row {
  id: string
  says: string
  takes(difference: Difference, intent: Intent, all: Difference[]): boolean
}

/** Every difference that a migration may make, in the order of the report. */
const ROWS: Row[] = [
  {
    id: "version-file",
    says: "setuptools-scm writes the version into it",
    takes: (it, intent, all) =>
      (["added", "changed"].includes(it.kind) || isMoved(it, intent, all)) &&
      intent.version !== undefined &&
      isOne(it, [intent.version.path], intent),
  },
  {
    id: "setup-version",
    says: "the version is taken out of it: git has it",
    takes: ({ in: where, kind, name }, { from, changed }) =>
      where === "sdist" &&
      kind === "changed" &&
      from === "setuptools" &&
      ["setup.cfg", SETUP_SCRIPT].includes(name) &&
      changed.includes(name),
  },
  {
    id: "version-source",
    says: "imports the version instead of stating it",
    takes: (it, intent) =>
      it.kind === "changed" &&
      it.name.endsWith(".py") &&
      isOne(it, intent.changed, intent),
  },
  {
    id: "configuration",
    says: "edited by the migration",
    takes: (it, intent) =>
      it.in === "sdist" &&
      it.kind !== "lost" &&
      !it.name.endsWith(".py") &&
      intent.changed.includes(it.name),
  },
  {
    id: "setup-script",
    says: "no backend but setuptools runs it; it is deleted",
    takes: ({ in: where, kind, name }, { deleted }) =>
      where === "sdist" &&
      kind === "lost" &&
      name === SETUP_SCRIPT &&
      deleted.includes(name),
  },
  {
    id: "source-folder",
    says: "the sdist has it where the repository has it",
    takes: (it, intent, all) => {
      const moved = (bare: string, full: string, sha256?: string) =>
        it.in === "sdist" &&
        full === inRepository(bare, intent) &&
        bare !== full &&
        sha256 !== undefined
      return all.some((other) =>
        it.kind === "lost"
          ? other.kind === "added" &&
            other.in === "sdist" &&
            moved(it.name, other.name, other.sha256) &&
            (other.sha256 === it.sha256 || isOne(other, intent.changed, intent))
          : it.kind === "added" &&
            other.kind === "lost" &&
            other.in === "sdist" &&
            moved(other.name, it.name, it.sha256) &&
            (other.sha256 === it.sha256 || isOne(it, intent.changed, intent)),
      )
    },
  },
  {
    id: "setuptools",
    says: "setuptools writes it beside the files it was given",
    takes: ({ in: where, kind, name }) =>
      (kind !== "lost" || name.includes(".egg-info/")) &&
      (where === "sdist"
        ? name === "setup.cfg" || /(^|\/)[^/]+\.egg-info\//.test(name)
        : name === ".dist-info/top_level.txt"),
  },
  {
    id: "generator",
    says: "the tool that made it",
    takes: (it) => it.name === "WHEEL Generator",
  },
  {
    id: "metadata-version",
    says: "the version of the metadata's form",
    takes: (it) => it.name === "Metadata-Version",
  },
  {
    id: "dynamic",
    says: "fields that setuptools says were filled in by the build",
    takes: (it) => it.name === "Dynamic",
  },
  {
    id: "import-names",
    says: "flit works out what can be imported; setuptools cannot say it yet",
    takes: ({ name, after }, { from }) =>
      from === "flit" &&
      ["Import-Name", "Import-Namespace"].includes(name) &&
      (after ?? []).length === 0,
  },
  {
    id: "spelling",
    says: "the same values, in another order or spelling",
    takes: (it) => it.kind === "spelling",
  },
  {
    id: "licence-file",
    says: "the metadata names a licence file that the wheel had before, too",
    takes: ({ name, before }, { licences }) =>
      name === "License-File" && (before ?? []).length === 0 && licences > 0,
  },
  {
    id: "authors",
    says: "all that [project] names, where Poetry writes the first of them",
    takes: ({ name, before, after }, { from, people }) =>
      from === "poetry" &&
      /^(Author|Maintainer)(-email)?$/.test(name) &&
      [...(before ?? []), ...(after ?? [])].every(
        (text) =>
          people.includes(text) ||
          mailboxes(text).every((one) => people.includes(one)),
      ),
  },
  {
    id: "licence",
    says: "what [project] says, where the other backend wrote it otherwise",
    takes: ({ name, before = [], after = [] }, { licence }) =>
      name === "License" &&
      licence !== undefined &&
      [...before, ...after].every((it) => lines(it) === lines(licence.says)) &&
      (after.length === 0 ? licence.isExpression : before.length === 0),
  },
  {
    id: "licence-classifiers",
    says: "said by the licence expression, beside which setuptools refuses it",
    takes: ({ name, before, after }, { classifiers }) =>
      name === "Classifier" &&
      others(after, before).length === 0 &&
      others(before, after).every((value) => classifiers.includes(value)),
  },
]

/** The rows of the table, for reports and tests. */
export const MEANT = ROWS.map(({ id, says }) => ({ id, says }))

function described({ in: where, name, kind }: Difference): string {
  return kind === "changed" || kind === "added" || kind === "lost"
    ? `${where}: ${name} (${kind})`
    : `${where}: ${name}`
}

/** What a comparison comes to. */
export interface Judgement {
  meant: Meant[]
  /** Sentences, each with the setting that mends it. */
  problems: string[]
}

/** Sorts differences into those that are meant and those that are not. */
export function judge(differences: Difference[], intent: Intent): Judgement {
  const items = new Map<string, string[]>()
  const problems: string[] = []
  for (const difference of differences) {
    const row = ROWS.find((it) => it.takes(difference, intent, differences))
    if (row === undefined)
      problems.push(remedy(difference, intent.layout.where))
    else
      items.set(row.id, [...(items.get(row.id) ?? []), described(difference)])
  }
  const meant = MEANT.flatMap((row) => {
    const found = items.get(row.id)
    return found === undefined ? [] : [{ ...row, items: found }]
  })
  return { meant, problems }
}
