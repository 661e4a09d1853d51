import { eq, valid } from "@renovatebot/pep440"

/** What one check found. */
export interface CheckResult {
  id: string
  /** What the check protects from. */
  protects: string
  /** Findings that fail the verdict. */
  problems: string[]
  /** Findings worth reading that fail nothing. */
  notes: string[]
}

/** What `COMMAND --version` did. */
export interface CommandResult {
  name: string
  /** null where it did not end in time. */
  exitCode: number | null
  output: string
}

/** What an installed distribution showed, as tools/smoke.py prints it. */
export interface Tried {
  problems: string[]
  imported?: string[]
  /** Version by the place that states it. */
  versions?: Record<string, string>
  commands?: CommandResult[]
}

const VERSION_LIKE = /\d+(?:\.\d+)+[\w.+!-]*/g

function same(one: string, other: string): boolean {
  return one === other || (!!valid(one) && !!valid(other) && eq(one, other))
}

/** Versions, by place, that are not the one expected. */
export function versionProblems(
  expected: string,
  versions: Record<string, string>,
): string[] {
  return Object.entries(versions)
    .filter(([, version]) => !same(version, expected))
    .map(([place, version]) => `${place} is ${version}, not ${expected}`)
}

/**
 * Whether a command states another version than the expected one. A command
 * that has no `--version`, or names no version, is a note: it may well be
 * right. One that prints several (its own, Python's) needs to have the right
 * one among them.
 */
export function commandFinding(
  expected: string,
  { name, exitCode, output }: CommandResult,
): { problem?: string; note?: string } {
  const asked = `${name} --version`
  if (exitCode === null) return { note: `${asked} did not end` }
  if (exitCode === 126 || exitCode === 127) {
    return { problem: `${name} cannot be started: ${output}` }
  }
  if (exitCode !== 0) return { note: `${asked} ended with ${exitCode}` }
  const printed = output.match(VERSION_LIKE) ?? []
  if (printed.length === 0) return { note: `${asked} prints no version` }
  return printed.some((version) => same(version, expected))
    ? {}
    : { problem: `${asked} prints ${output}, not ${expected}` }
}

/** The check of one installed file. */
export function installCheck(
  file: string,
  expected: string,
  tried: Tried,
): CheckResult {
  const versions = versionProblems(expected, tried.versions ?? {})
  const commands = (tried.commands ?? []).map((command) =>
    commandFinding(expected, command),
  )
  const problems = [
    ...tried.problems,
    ...versions,
    ...commands.flatMap(({ problem }) => problem ?? []),
  ]
  return {
    id: file.endsWith(".whl") ? "install-wheel" : "install-sdist",
    protects: "a release that does not install, import or start",
    problems: problems.map((problem) => `${file}: ${problem}`),
    notes: commands.flatMap(({ note }) => (note ? [`${file}: ${note}`] : [])),
  }
}

/** The check that everything states one version. */
export function versionCheck(
  expected: string,
  versions: Record<string, string>,
): CheckResult {
  return {
    id: "version",
    protects: "a release that is two versions at once",
    problems: versionProblems(expected, versions),
    notes: [],
  }
}

/** One sentence per check that failed, or none. */
export function failures(checks: CheckResult[]): string[] {
  return checks
    .filter((check) => check.problems.length > 0)
    .map(({ id, protects, problems }) => {
      const found = problems.map((problem) => `    ${problem}`).join("\n")
      return `${id} (protects from ${protects}):\n${found}`
    })
}
