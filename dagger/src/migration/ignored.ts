import { type Table, table, text, texts } from "../toml.js"
import type { OldBackendId } from "./backends.js"

/** A pattern for files that git may ignore, and the setting that has it. */
export interface Taken {
  setting: string
  /** As .gitignore has them. */
  pattern: string
}

function list(setting: string, patterns: string[]): Taken[] {
  // A pattern that starts so takes files out again.
  const taking = patterns.filter((pattern) => !pattern.startsWith("!"))
  return taking.map((pattern) => ({ setting, pattern }))
}

/** hatchling's `artifacts`: https://hatch.pypa.io/latest/config/build/. */
function artifacts(pyproject: Table): Taken[] {
  const build = table(table(table(pyproject.tool).hatch).build)
  const targets = Object.entries(table(build.targets))
  return [
    ...list("[tool.hatch.build] artifacts", texts(build.artifacts)),
    ...targets.flatMap(([name, target]) => {
      const setting = `[tool.hatch.build.targets.${name}] artifacts`
      return list(setting, texts(table(target).artifacts))
    }),
  ]
}

/** Poetry's `include`: https://python-poetry.org/docs/pyproject/. */
function included(pyproject: Table): Taken[] {
  const { include } = table(table(pyproject.tool).poetry)
  const paths = (Array.isArray(include) ? include : []).flatMap(
    (entry: unknown) => text(entry) ?? text(table(entry).path) ?? [],
  )
  const patterns = paths.map((path) => `/${path}`)
  return list("[tool.poetry] include", patterns)
}

const READERS: Partial<Record<OldBackendId, (it: Table) => Taken[]>> = {
  hatchling: artifacts,
  poetry: included,
}

/** What the old backend takes though git ignores it. */
export function takenThoughIgnored(
  backend: OldBackendId,
  pyproject: Table,
): Taken[] {
  return READERS[backend]?.(pyproject) ?? []
}

/**
 * A release with files that only somebody's machine or another job made has
 * them no more: builds from a checkout, before as after, do not show that.
 *
 * @param idle - patterns that fit no file in git or of the build
 */
export function absentFiles(taken: Taken[], idle: string[]): string[] {
  const absent = taken.filter(({ pattern }) => idle.includes(pattern))
  return absent.map(
    ({ setting, pattern }) =>
      `${setting} has "${pattern.replace(/^\//, "")}", and no such file is in git or made by the build: what is built of a commit lacks them. Track them (git add --force), or remove the pattern if no release had any.`,
  )
}
