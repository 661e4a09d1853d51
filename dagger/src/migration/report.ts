import type { Page } from "../page.js"
import type { Meant } from "./differences.js"

export const MIGRATION_SCHEMA = "pypi-deploy/migration/1"

/** What a migration is, and the proof that it loses nothing. */
export interface MigrationReport {
  schema: typeof MIGRATION_SCHEMA
  project: string
  /** The backend that it is migrated from; null where there is nothing to do. */
  from: string | null
  /** The version that both sides were built as. */
  version: string | null
  /** Files of the old wheel and sdist, each compared with the new one's. */
  compared: { wheel: number; sdist: number }
  changed: string[]
  deleted: string[]
  differences: Meant[]
  /** What is left to do, in sentences. */
  notes: string[]
  /** The tag that the version lacks. */
  tag: string | null
}

/** A project that there is nothing to do for. */
export function nothingToDo(project: string): MigrationReport {
  return {
    schema: MIGRATION_SCHEMA,
    project,
    ...{ from: null, version: null, compared: { wheel: 0, sdist: 0 } },
    ...{ changed: [], deleted: [], differences: [], tag: null },
    notes: [
      "It takes its version from setuptools-scm already; nothing is changed.",
    ],
  }
}

/** How many items a line of the table shows. */
const SHOWN = 4

function some(items: string[]): string {
  const more = items.length - SHOWN
  const rest = more > 0 ? `; ${more} more` : ""
  return items.slice(0, SHOWN).join("; ") + rest
}

function tagNote(tag: string | null): string[] {
  return tag === null
    ? []
    : [
        `No tag says this version. After committing: git tag -a ${tag} -m ${tag} on the commit it was released from, and git push origin ${tag}.`,
      ]
}

/** The report for people. */
export function migrationPage(report: MigrationReport): Page {
  const { project, from, version, compared, differences } = report
  if (from === null)
    return {
      title: `${project} is migrated`,
      ...{ facts: [], tables: [], notes: report.notes },
    }
  const files = [
    ...report.changed.map((path) => `${path} (changed)`),
    ...report.deleted.map((path) => `${path} (deleted)`),
  ]
  return {
    title: `${project} ${version}: from ${from} to setuptools and setuptools-scm`,
    facts: [
      ["files", files.join(", ")],
      [
        "compared",
        `${compared.wheel} files of the wheel, ${compared.sdist} of the sdist, and every field of the metadata`,
      ],
    ],
    tables: [
      [
        ["difference", "what it is", "where"],
        ...differences.map(({ id, says, items }) => [id, says, some(items)]),
      ],
    ],
    notes: [...report.notes, ...tagNote(report.tag)],
  }
}
