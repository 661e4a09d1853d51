import type { Table } from "../toml.js"
import type { VersionModule } from "./literals.js"
import { isBefore, lowestPython } from "./requires.js"
import type { Literal } from "./survey.js"

/** setuptools-scm's own form has annotations, read from Python 3.7 on. */
const TEMPLATE = '__version__ = version = "{version}"\n'

/** What Pythons that are promised and past ask of a migration. */
export interface OldPythons {
  /** [tool.setuptools_scm] keys. */
  scm: Table
  /** Sentences. */
  problems: string[]
}

/**
 * What is written is read by every Python that the wheel promises.
 *
 * @param range - the requires-python of the metadata
 * @param literals - versions that give way
 * @param given - where the old backend wrote the version, in its own form
 */
export function oldPythons(
  range: string,
  version: VersionModule | undefined,
  literals: Literal[],
  given: string | undefined,
): OldPythons {
  const lowest = lowestPython(range)
  if (lowest === null) return { scm: {}, problems: [] }
  if (version !== undefined) {
    const own = given === undefined && isBefore(lowest, "3.7")
    return { scm: own ? { version_file_template: TEMPLATE } : {}, problems: [] }
  }
  const asking = isBefore(lowest, "3.8") ? literals : []
  const problems = asking.map(
    ({ path, line }) =>
      `${path}:${line} would ask importlib.metadata for the version, which Python ${lowest} lacks and requires-python = "${range}" promises. Write requires-python = ">=3.8", or make the module a package, which gets a file with its version.`,
  )
  return { scm: {}, problems }
}
