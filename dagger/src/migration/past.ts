import { parseToml } from "../toml.js"
import { isMigrated } from "./old.js"

/** pyproject.toml as a commit left it, as tools/migration/undo.py prints it. */
export interface PastState {
  commit: string
  pyproject: string
}

function wasMigrated({ pyproject }: PastState): boolean {
  try {
    return isMigrated(parseToml(pyproject, "pyproject.toml"))
  } catch {
    return false
  }
}

/**
 * The revision before a project's migration: the parent of the commit that
 * made it, or HEAD where it is not committed yet.
 *
 * @param states - newest first
 * @throws a sentence where the project was never on another backend
 */
export function stateBefore(states: PastState[], name: string): string {
  const index = states.findIndex((state) => !wasMigrated(state))
  if (index === -1) {
    throw new Error(
      `--undo: no commit of ${name} has it on another build backend, so there is nothing to go back to.`,
    )
  }
  const migration = states[index - 1]
  return migration === undefined ? "HEAD" : `${migration.commit}^`
}
