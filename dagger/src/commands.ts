import { table, text } from "./toml.js"
import type { Job, Step } from "./workflow.js"

/** Runners of tests, as they stand in a script. */
const TESTS =
  /\b(?:pytest|tox|nox|unittest|trial|nose2)\b|\b(?:hatch|pdm|poetry|make|just|npm|invoke|rye)\s+(?:run\s+)?test|\bdagger\b.*\b(?:test|publish\b.*--source)\b|\bcibuildwheel\b/
/** Commands that install what tests, and do not run it. */
const INSTALL =
  /\b(?:pip3?|pipx|uv|conda|poetry|apt(?:-get)?|npm)\s+(?:[\w-]+\s+)*?(?:install|add|sync)\b[^&;|]*/g
/** Environments of test runners that run something else. */
const OTHER =
  /\b(?:tox|nox)\b.*\s-[es][ =]?(?:build|deploy|docs?|format|lint|mypy|package|publish|release|types?|upload)/
const BUILDS =
  /-I?m\s+build\b|\bpyproject-build\b|\bpipx run build\b|\bsetup\.py\b|\b(?:uv|hatch|poetry|flit|pdm)\s+build\b|\bpoetry\s+publish\b.*--build\b|\b(?:flit|pdm)\s+publish\b|\b(?:tox|nox)\b.*\s-[es][ =]?(?:build|package|publish|release)|\bpip\s+(?:wheel|install)\s+(?:\S+\s+)*?\.|\bcibuildwheel\b|\bdagger\b.*--source/
/** Commands that run what the project's authors, or its dependencies', wrote. */
const PROJECT_CODE =
  /\b(?:pytest|tox|nox|unittest|make|cibuildwheel|pre-commit)\b|-I?m\s+build\b|\bpyproject-build\b|\bpipx run build\b|\bsetup\.py\b|\b(?:uv|hatch|poetry|flit|pdm)\s+(?:build|run)\b|\bpoetry\s+publish\b.*--build\b|(?:^|\s)(?:bash|sh|python3?)?\s*\.\/\S+|\b(?:bash|sh)\s+[\w/.-]+\.sh\b|\bpython3?\s+[\w/]+\.py\b/
/** Installing the project itself, or all that its lock has. */
const INSTALLS_PROJECT =
  /\b(?:pip3?|uv pip|pipx)\s+(?:install|run)\s+(?:\S+\s+)*?(?:-e\s*)?["']?\.{1,2}(?:[\s"'/[]|$)|\bnpm\b|\b(?:uv|poetry|pdm)\s+(?:sync|install)\b/
/** Lines that print, or do nothing. */
const SILENT = /^(?:#|echo\b|printf\b|:$|true$|exit 0$)/

/** The lines of a step's script, comments left out. */
export function linesOf(step: Step): string[] {
  return (text(step.data.run) ?? "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
}

/** Lines of a step's script that do something, echoes left out. */
export function commandsOf(step: Step): string[] {
  return linesOf(step).filter((line) => !SILENT.test(line))
}

/** The repository of an action: `OWNER/NAME` of `OWNER/NAME/PATH@REF`. */
export function actionOf(step: Step): string {
  const uses = text(step.data.uses) ?? ""
  return uses.replace(/@.*$/s, "").split("/").slice(0, 2).join("/")
}

/** Whether a value is GitHub's `true`, in any of its spellings. */
export function isTrue(value: unknown): boolean {
  return /^(?:true|\$\{\{\s*true\s*\}\})$/i.test(String(value))
}

/** Whether a step or a job is switched off. */
export function isOff({ data }: Step | Job): boolean {
  return /^(?:false|\$\{\{\s*false\s*\}\})$/i.test(String(data.if))
}

/** Whether a line of a script runs tests. */
export function isTest(line: string): boolean {
  const run = line.replace(INSTALL, "")
  return TESTS.test(run) && !OTHER.test(run)
}

/** Whether a line of a script builds the project. */
export function isBuild(line: string): boolean {
  return BUILDS.test(line)
}

/** Whether a line of a script runs code of the project, or of what it needs. */
export function isProjectCode(line: string): boolean {
  return (
    INSTALLS_PROJECT.test(line) || PROJECT_CODE.test(line.replace(INSTALL, ""))
  )
}

/** Actions that build distributions. */
const BUILDERS = [
  "hynek/build-and-inspect-python-package",
  "pypa/cibuildwheel",
  "jrubics/poetry-publish",
]

/** Whether a step builds the project. */
export function builds(step: Step): boolean {
  return (
    BUILDERS.includes(actionOf(step).toLowerCase()) ||
    commandsOf(step).some(isBuild)
  )
}

/** Actions that fetch, set up and hand on, and do nothing else. */
const PLUMBING = [
  ...["actions/cache", "actions/checkout", "actions/download-artifact"],
  ...["actions/setup-python", "actions/upload-artifact", "astral-sh/setup-uv"],
  ...["hynek/build-and-inspect-python-package", "hynek/setup-cached-uv"],
  ...["pdm-project/setup-pdm", "snok/install-poetry"],
]
/** Lines that build a distribution from end to end, install for it, or look. */
const PACKAGING =
  /^(?:(?:python3?\s+-m\s+)?(?:pip3?|uv\s+pip|pipx)\s+install\s+(?!.*(?:^|\s)["']?\.)[^&;|]*|uv\s+tool\s+install\s[^&;|]*|(?:python3?\s+-I?m\s+|uvx\s+|uv\s+run\s+|pipx\s+run\s+)?(?:build|pyproject-build|(?:uv|hatch|poetry|flit|pdm)\s+build|twine\s+check)(?:\s[^&;|]*)?|python3?\s+setup\.py(?:\s+(?:sdist|bdist_wheel|--\S+))+|(?:ls|cd|mkdir)(?:\s[^&;|]*)?)$/

/** Whether a command only prepares or builds a distribution. */
export function isPackaged(command: string): boolean {
  return PACKAGING.test(command)
}

/** Whether a step only prepares, builds or hands on a distribution. */
export function isPackaging(step: Step): boolean {
  const lines = commandsOf(step).flatMap((line) => line.split(/\s*&&\s*/))
  return text(step.data.uses) === undefined
    ? lines.every(isPackaged)
    : PLUMBING.includes(actionOf(step))
}

/** Variables, inputs and scripts of a step, by name. */
export function givenTo(
  step: Step,
): [key: string, name: string, value: string][] {
  return ["with", "env"].flatMap((key) =>
    Object.entries(table(step.data[key])).map(
      ([name, value]): [string, string, string] => [
        ...([key, name] as [string, string]),
        String(value),
      ],
    ),
  )
}
