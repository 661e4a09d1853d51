import { type Table } from "../toml.js"
import type { OldBackendId } from "./backends.js"
import type { Licences } from "./licences.js"
import type { TextEdit, VersionModule } from "./literals.js"
import type { Literal, Place, Survey } from "./survey.js"

/** A place, and what is there. */
export type Named = Place & { name: string }

/** The version in setup.cfg and setup.py (tools/migration/setup_version.py). */
export interface SetupVersion {
  /** Where it is stated. */
  stated: Place[]
  /** What takes it out, with what nothing else needs. */
  edits: TextEdit[]
  /** The lines that this changes. */
  taken: Place[]
  /** Files that setup.cfg reads it from. */
  files: string[]
  /** Names that only the version needs, and that cannot be taken out. */
  left: Named[]
  /** Modules that setup.py imports from its own folder. */
  beside: Named[]
  /** Files that setup.py runs. */
  executed: Named[]
}

/** A licence that stays where it is written. */
export const UNTOUCHED: Licences = {
  ...{ settings: {}, edits: [], replaced: {}, classifiers: [], spdx: false },
}

/** Whether the metadata is in setup.cfg and setup.py, where it stays. */
export function staysInSetup(backend: OldBackendId, pyproject: Table): boolean {
  return backend === "setuptools" && !("project" in pyproject)
}

function at({ path, line }: Place): string {
  return `${path}:${line}`
}

/** What would break once the version is taken out, in sentences. */
function breaking(
  setup: SetupVersion,
  literals: Literal[],
  version: VersionModule | undefined,
): string[] {
  const changed = [...literals.map(({ path }) => path), version?.path]
  return [
    ...setup.left.map(
      (it) =>
        `${at(it)}: only the version needs \`${it.name}\`, which cannot be taken out by itself. Write the version into setup(…) as text, and remove what computed it.`,
    ),
    ...setup.beside.map(
      (it) =>
        `${at(it)} imports ${it.name} from its own folder, where a build with a backend in pyproject.toml does not look. Write what it takes from there into setup.py as text, or into setup.cfg.`,
    ),
    ...setup.executed
      .filter((it) => changed.includes(it.name))
      .map(
        (it) =>
          `${at(it)} runs ${it.name}, which will have the version from git and not in itself. Write what it takes from there into setup.py as text, or into setup.cfg.`,
      ),
  ]
}

/**
 * Edits that take the version out of setup.cfg and setup.py.
 *
 * @param stays - whether the metadata is there, so that the version must be
 * @throws a sentence where it is not found, or something needs it
 */
export function withoutVersion(
  { setup, version }: Pick<Survey, "setup" | "version">,
  stays: boolean,
  name: string,
  literals: Literal[],
  module: VersionModule | undefined,
): { edits: TextEdit[]; notes: string[] } {
  if (setup.stated.length === 0) {
    if (!stays) return { edits: [], notes: [] }
    throw new Error(
      `${name} is not migrated: neither setup.cfg nor setup(…) in setup.py states its version, so something else makes it, such as a dictionary of arguments, use_scm_version, versioneer or pbr. Write version = ${version} into [metadata] of setup.cfg, remove what makes it, and call again. Nothing was changed.`,
    )
  }
  const problems = breaking(setup, literals, module)
  if (problems.length > 0) {
    const list = problems.map((problem) => `    ${problem}`).join("\n")
    throw new Error(
      `${name} is not migrated: setup.py would fail without the version in it.\n${list}\nNothing was changed. Mend that, and call again.`,
    )
  }
  return {
    edits: setup.edits,
    notes: setup.files.map(
      (file) =>
        `${file} held the version ${version}, which setup.cfg reads no more. Remove the file, or what reads it goes stale: importlib.metadata.version("${name}") tells what is installed.`,
    ),
  }
}

/** A survey in which no line states the version that is taken out. */
export function withoutTaken(survey: Survey): Survey {
  const gone = new Set(survey.setup.taken.map(at))
  const mentions = survey.mentions.filter((place) => !gone.has(at(place)))
  return { ...survey, mentions }
}
