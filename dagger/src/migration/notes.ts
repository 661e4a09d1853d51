import { OLD_BACKENDS, pdmOwnSettings } from "./backends.js"
import type { Layout } from "./layout.js"
import type { MigrationRequest } from "./plan.js"
import { floors, requiresPython } from "./requires.js"
import { SETUP_SCRIPT } from "./setup-script.js"
import type { Literal, Place } from "./survey.js"

/** What notes are made of. */
export interface NotesRequest extends MigrationRequest {
  layout: Layout
  /** What became of dependency groups, in sentences. */
  groups: string[]
  /** Literals that an import takes the place of. */
  replaced: Literal[]
  /** Literals that may be the version of something else. */
  foreign: Literal[]
  deleted: string[]
  /** Whether the licence is written as PEP 639 has it. */
  spdx: boolean
}

/** What wants a Python, by that. */
const WANTING: Record<string, string> = {
  "3.8": "setuptools-scm installs from Python 3.8 on",
  "3.9":
    "setuptools reads licence expressions and license-files from Python 3.9 on",
}

function at({ path, line }: Place): string {
  return `${path}:${line}`
}

/** What a migration does not change itself, and somebody should. */
export function notesOn(request: NotesRequest): string[] {
  const { survey, replaced, deleted, name, fromGit, settings } = request
  const done = new Set([
    ...[...replaced, ...request.foreign].map(at),
    ...deleted.flatMap((path) =>
      survey.mentions.filter((it) => it.path === path).map(at),
    ),
  ])
  const notes: string[] = []
  const stale = replaced.filter((it) => it.value !== survey.version)
  for (const literal of stale)
    notes.push(
      `${at(literal)} said ${literal.value}, where the version is ${survey.version}; from now on it says what git says.`,
    )
  for (const literal of request.foreign)
    notes.push(
      `${at(literal)} says ${literal.value}, which may be the version of something else; it was left alone. If it is the project's, import it from the package's own module.`,
    )
  if (deleted.includes(SETUP_SCRIPT))
    notes.push(
      `${SETUP_SCRIPT} is deleted: ${OLD_BACKENDS[request.backend].name} never ran it, and setuptools would take its word before that of git and pyproject.toml.`,
    )
  for (const bump of survey.bumps)
    notes.push(
      `${at(bump)} changes the version by hand, which nothing reads any more: ${bump.text}. Remove it; a tag is the release.`,
    )
  const bumped = new Set(survey.bumps.map(at))
  for (const place of survey.mentions.map(at)) {
    if (done.has(place) || bumped.has(place)) continue
    notes.push(
      `${place} states the version ${survey.version} too, and will go stale. Let it ask importlib.metadata.version("${name}"), or remove it.`,
    )
  }
  notes.push(...request.groups)
  const own = fromGit ? pdmOwnSettings(request.pyproject) : []
  if (own.length > 0)
    notes.push(
      `[tool.pdm.version] had ${own.join(" and ")}, in a form that only PDM reads. Write in [tool.setuptools_scm] what still counts: tag.prefix or tag.regex, git_describe_command, version_scheme.`,
    )
  if (fromGit && !("version_scheme" in settings))
    notes.push(
      `Between releases the version was counted to the next patch release, as is the default of what took it from git; from now on it is counted to the next minor one, such as 1.3.0.dev2 after 1.2.3. Keep the old way with version_scheme = "guess-next-dev" in [tool.setuptools_scm].`,
    )
  const { left } = floors(requiresPython(request), request.spdx)
  if (left !== null)
    notes.push(
      `On Python ${left.lowest} the wheel installs as before, and the sdist cannot be built: ${WANTING[left.floor]}. Write requires-python = ">=${left.floor}", or tell people there to take the wheel.`,
    )
  return notes
}
