/** A check as its table has it. */
export interface CheckRow {
  id: string
  /** What the check protects from. */
  protects: string
  /** Problems of an `error` fail the verdict, those of a `warning` do not. */
  severity: "error" | "warning"
}

const error = (id: string, protects: string): CheckRow => ({
  ...{ id, protects, severity: "error" },
})

/**
 * The checks that take more than reading files; those that read have their
 * table in tools/checks.
 */
export const CHECKS = {
  version: error("version", "a release that is two versions at once"),
  wheel: error("install-wheel", "a wheel that does not install or start"),
  sdist: error("install-sdist", "an sdist that does not install or start"),
  extras: error("extras", "extras that nobody can install"),
  reproducible: error("reproducible", "bytes that nobody can build again"),
  previous: {
    id: "previous-size",
    protects: "files that grew or shrank by accident",
    severity: "warning",
  },
} as const satisfies Record<string, CheckRow>

/** The table of checks, for `--list`. */
export interface CheckList {
  schema: "pypi-deploy/checks/1"
  checks: CheckRow[]
}

/** Which checks to run: all, or those of `only`, without those of `skip`. */
export interface Choice {
  only: string[]
  skip: string[]
}

/** Whether a check is to be run. */
export function chosen({ only, skip }: Choice, id: string): boolean {
  return (only.length === 0 || only.includes(id)) && !skip.includes(id)
}

/**
 * Refuses ids that no check has, and a choice that leaves none.
 *
 * @throws a sentence that names the ids that there are
 */
export function checkChoice(table: CheckRow[], choice: Choice): void {
  const ids = table.map((row) => row.id)
  for (const flag of ["only", "skip"] as const) {
    const unknown = choice[flag].filter((id) => !ids.includes(id))
    if (unknown.length === 0) continue
    const is = unknown.length === 1 ? "is no check" : "are no checks"
    throw new Error(
      `--${flag}: ${unknown.join(", ")} ${is}. There are ${ids.join(", ")}.`,
    )
  }
  if (!ids.some((id) => chosen(choice, id))) {
    throw new Error("--skip leaves none of the checks that --only names.")
  }
}
