import { type Table, table, text, texts } from "../toml.js"
import { folderOf } from "./layout.js"
import type { Edit } from "./plan.js"
import { usesSpdx } from "./project-table.js"
import type { Survey } from "./survey.js"

/** What setuptools takes for licence files where nothing is said. */
const DEFAULT = /^(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$/

/** How a project's licence is written from now on. */
export interface Licences {
  /** [tool.setuptools] keys. */
  settings: Record<string, unknown>
  edits: Edit[]
  /** Fields of a [project] that is written anew. */
  replaced: Table
  /** Classifiers that go, as setuptools refuses them beside an expression. */
  classifiers: string[]
  /** Whether PEP 639's fields are used, which old setuptools lack. */
  spdx: boolean
}

/** The licence files of the wheel, where setuptools would take others. */
function licenceFiles({ tracked, wheel }: Survey): string[] | undefined {
  const had = wheel.licences.map((file) => file.path).sort()
  const known = tracked.map((file) => file.path)
  const taken = known
    .filter((path) => folderOf(path) === "" && DEFAULT.test(path))
    .sort()
  const same = had.join("\n") === taken.join("\n")
  const there = had.every((path) => known.includes(path))
  return same || !there ? undefined : had
}

/** Whether a licence in [project] became no more than a file of the wheel. */
function licenceWithoutText({ wheel }: Survey, project: Table): boolean {
  const { License, "License-Expression": expression } = wheel.fields
  return (
    "file" in table(project.license) &&
    License === undefined &&
    expression === undefined
  )
}

/** A licence in [project]: an SPDX expression, or a text of its own. */
export interface SaidLicence {
  says: string
  isExpression: boolean
}

/** What [project] says of the licence, if it does not just name a file. */
export function saidLicence(project: Table): SaidLicence | undefined {
  const expression = text(project.license)
  const says = expression ?? text(table(project.license).text)
  if (says === undefined) return undefined
  return { says, isExpression: expression !== undefined }
}

/** Decides how licence and licence files are written. */
export function licences(survey: Survey, project: Table): Licences {
  const files = "license-files" in project ? undefined : licenceFiles(survey)
  // flit names the file and does not repeat its text; setuptools does.
  const named = licenceWithoutText(survey, project)
  const written = named ? undefined : project.license
  const isTable = Object.keys(table(written)).length > 0
  const expression = text(written) !== undefined
  const classifiers = expression
    ? texts(project.classifiers).filter((it) => it.startsWith("License ::"))
    : []
  const inProject = files !== undefined && !isTable
  return {
    settings: files !== undefined && isTable ? { "license-files": files } : {},
    edits: [
      ...(named
        ? [{ do: "remove" as const, path: ["project", "license"] }]
        : []),
      ...(inProject
        ? [
            {
              ...{ do: "set" as const, path: ["project", "license-files"] },
              value: files,
            },
          ]
        : []),
      ...(classifiers.length > 0
        ? [
            {
              ...{ do: "change" as const, path: ["project", "classifiers"] },
              ...{ removed: classifiers, added: [] },
            },
          ]
        : []),
    ],
    replaced: {
      ...(inProject && { "license-files": files }),
      ...(classifiers.length > 0 && {
        classifiers: texts(project.classifiers).filter(
          (it) => !classifiers.includes(it),
        ),
      }),
    },
    classifiers,
    spdx: inProject || usesSpdx(project),
  }
}
