import type { Commit } from "../facts.js"
import { readTagging } from "../tagging.js"
import { type Table, table, text } from "../toml.js"
import { type OldBackendId, oldTables, versionHook } from "./backends.js"
import { groupEdits, oldGroups } from "./groups.js"
import { absentFiles, takenThoughIgnored } from "./ignored.js"
import { type Layout, readLayout } from "./layout.js"
import { licences, type SaidLicence, saidLicence } from "./licences.js"
import {
  literalEdits,
  ownLiterals,
  type TextEdit,
  type VersionModule,
  versionModule,
} from "./literals.js"
import { manifestLines } from "./manifest-in.js"
import { notesOn } from "./notes.js"
import { oldPythons } from "./old-pythons.js"
import {
  builtExtras,
  dynamicFields,
  peopleIn,
  poetryPeople,
  projectFields,
  projectTable,
  selfReferences,
} from "./project-table.js"
import { requirements, requiresPython } from "./requires.js"
import { scmTable } from "./scm.js"
import { hasIdleScript, SETUP_SCRIPT } from "./setup-script.js"
import {
  staysInSetup,
  UNTOUCHED,
  withoutTaken,
  withoutVersion,
} from "./setup-version.js"
import type { Survey } from "./survey.js"
import { missingTag, tagPrefix } from "./tags.js"

/** A change of pyproject.toml; the path's last part is the key. */
export type Edit =
  | { do: "set"; path: string[]; value: unknown }
  | { do: "rename"; path: string[]; to: string; value: unknown }
  | { do: "change"; path: string[]; removed: string[]; added: unknown[] }
  | { do: "remove"; path: string[] }

/** Everything that a migration changes, as tools/migration/edit.py reads it. */
export interface Edits {
  pyproject: Edit[]
  /** Headers of tables that go; new ones are put where the first of them is. */
  removed: string[]
  /** New tables. */
  added: Table
  texts: TextEdit[]
  /** Lines that a file shall have, at its end where it has them not. */
  appended: { path: string; lines: string[] }[]
  /** Sections that go, by what their names begin with. */
  sections: { path: string; begin: string[] }[]
  deleted: string[]
}

/** What a migration is decided on. */
export interface MigrationRequest {
  backend: OldBackendId
  /** The package's folder in the repository, `.` at its top. */
  path: string
  /** pyproject.toml, parsed. */
  pyproject: Table
  /** The project's name. */
  name: string
  commit: Pick<Commit, "tagsAtHead" | "tagsBehind">
  /** Whether the old backend took the version from git. */
  fromGit: boolean
  /** setuptools-scm's settings that it passed on. */
  settings: Table
  survey: Survey
}

/** A migration before anything is changed. */
export interface Plan {
  edits: Edits
  layout: Layout
  version: VersionModule | undefined
  /** Classifiers that say what the licence expression says. */
  classifiers: string[]
  /** Everybody that [project] names, as metadata may write them. */
  people: string[]
  /** How many licence files the wheel has. */
  licences: number
  /** What [project] says of the licence. */
  licence: SaidLicence | undefined
  /** What would be lost, and no comparison shows, in sentences. */
  problems: string[]
  /** What people do themselves, in sentences. */
  notes: string[]
  /** The tag that the current version lacks; null where it has one. */
  tag: string | null
}

/** What the old backend filled in of [project]. */
function filledFields(request: MigrationRequest): Table {
  const { pyproject, survey } = request
  const built = projectFields(survey, dynamicFields(request))
  const people = Object.entries(poetryPeople(pyproject))
  return {
    ...built,
    ...Object.fromEntries(people.filter(([role]) => role in built)),
  }
}

/** Edits of [project]: the version goes, and what the old backend filled in. */
function projectEdits(request: MigrationRequest): Edit[] {
  const { pyproject, survey, backend } = request
  const project = table(pyproject.project)
  const left = dynamicFields(request)
  const filled = Object.entries(filledFields(request))
  const own = backend === "hatchling" ? selfReferences(pyproject) : []
  const listed: Edit = {
    ...{ do: "change", path: ["project", "dynamic"] },
    ...{ removed: left, added: ["version"] },
  }
  const at = (...path: string[]) => ["project", ...path]
  const sets = [
    ...filled.map(
      ([key, value]): Edit => ({ do: "set", path: at(key), value }),
    ),
    ...Object.entries(builtExtras(survey, own)).map(
      ([extra, value]): Edit => ({
        ...{ do: "set", path: at("optional-dependencies", extra) },
        value,
      }),
    ),
  ]
  if (text(project.version) === undefined) return [listed, ...sets]
  const version = ["project", "version"]
  if ("dynamic" in project)
    return [listed, { do: "remove", path: version }, ...sets]
  const rename = { to: "dynamic", value: ["version"] }
  return [{ do: "rename", path: version, ...rename }, ...sets]
}

/** [tool.setuptools]: what is there stays, the user's word goes first. */
function setuptoolsEdits(
  { pyproject, backend }: MigrationRequest,
  settings: Record<string, unknown>,
): { edits: Edit[]; added: Table } {
  const known = table(table(pyproject.tool).setuptools)
  // Its own backend found the packages already: what it was told stays.
  const wanted: Record<string, unknown> =
    backend === "setuptools"
      ? { "exclude-package-data": settings["exclude-package-data"] }
      : settings
  const missing = Object.entries(wanted).filter(
    ([key, value]) => value !== undefined && !(key in known),
  )
  if (missing.length === 0) return { edits: [], added: {} }
  const only = Object.keys(known).length === 0
  if (only)
    return { edits: [], added: { setuptools: Object.fromEntries(missing) } }
  const edits = missing.map(
    ([key, value]): Edit => ({
      ...{ do: "set", path: ["tool", "setuptools", key] },
      value,
    }),
  )
  return { edits, added: {} }
}

/**
 * Decides a migration.
 *
 * @throws a sentence with everything that setuptools has no setting for
 */
export function planMigration(request: MigrationRequest): Plan {
  const { backend, pyproject, survey, name } = request
  const layout = readLayout(survey)
  const installed = [...layout.sources.values()]
  const given = versionHook(backend, pyproject, layout.where, installed)
  const version = versionModule(layout, survey, name, given)
  const tagging = readTagging(request.settings, name, "pyproject.toml")
  const tag = missingTag(request.commit, survey.version, tagging)
  const stays = staysInSetup(backend, pyproject)
  const legacy = !stays && !("project" in pyproject)
  const project = legacy
    ? { ...projectTable(survey), ...poetryPeople(pyproject) }
    : { ...table(pyproject.project), ...(!stays && filledFields(request)) }
  const licence = stays ? UNTOUCHED : licences(survey, project)
  const old = oldGroups(backend, pyproject)
  const groups = groupEdits(pyproject, old)
  const { edits, added } = setuptoolsEdits(
    request,
    stays ? {} : { ...layout.settings, ...licence.settings },
  )
  const requires = requirements(request, licence.spdx)
  const tables = oldTables(backend, pyproject).filter(
    (path) => path.join(".") !== old.left?.path.join("."),
  )
  const { own, foreign } = ownLiterals(layout, survey, version)
  const setup = withoutVersion(survey, stays, name, own, version)
  const idle = hasIdleScript(backend, pyproject, survey)
  const deleted = survey.tracked
    .map((file) => file.path)
    .filter((file) => file === version?.path || (idle && file === SETUP_SCRIPT))
  // What hatch-vcs wrote into the source is in .gitignore, or it would be in
  // git; PDM wrote into what it built.
  const isIgnored =
    backend !== "pdm" &&
    given?.file !== undefined &&
    !deleted.includes(given.file)
  const prune = manifestLines(survey, layout.where, deleted)
  const scm = scmTable(request, version, tagPrefix(request.commit, tagging))
  const range = requiresPython(request)
  const aged = oldPythons(range, version, own, given?.file)
  return {
    layout,
    version,
    tag,
    classifiers: licence.classifiers,
    people: peopleIn(project),
    licences: survey.wheel.licences.length,
    licence: saidLicence(project),
    problems: [
      ...absentFiles(takenThoughIgnored(backend, pyproject), survey.idle),
      ...aged.problems,
    ],
    notes: [
      ...notesOn({
        ...request,
        survey: withoutTaken(survey),
        groups: [...old.notes, ...groups.notes],
        replaced: own,
        foreign,
        deleted,
        layout,
        spdx: licence.spdx,
      }),
      ...setup.notes,
    ],
    edits: {
      pyproject: [
        ...requires.edits,
        ...(legacy || stays ? [] : projectEdits(request)),
        ...(legacy ? [] : licence.edits),
        ...tables.map((table): Edit => ({ do: "remove", path: table })),
        ...groups.edits,
        ...edits,
      ],
      removed: tables.map((table) => table.join(".")),
      added: {
        ...requires.added,
        ...(legacy && { project: { ...project, ...licence.replaced } }),
        ...groups.added,
        tool: {
          ...added,
          setuptools_scm: { ...aged.scm, ...scm },
        },
      },
      texts: [...literalEdits(own, version, name), ...setup.edits],
      appended: [
        ...(version === undefined || isIgnored
          ? []
          : [{ path: ".gitignore", lines: [ignoreLine(version.path)] }]),
        ...(prune.length > 0 ? [{ path: "MANIFEST.in", lines: prune }] : []),
      ],
      sections: leftSections(request),
      deleted,
    },
  }
}

/** What setuptools would read beside pyproject.toml, where it was idle. */
function leftSections({ backend, survey }: MigrationRequest) {
  const there = survey.tracked.some((file) => file.path === "setup.cfg")
  return there && backend !== "setuptools"
    ? [{ path: "setup.cfg", begin: ["metadata", "options"] }]
    : []
}

function ignoreLine(path: string): string {
  return `/${path}`
}
