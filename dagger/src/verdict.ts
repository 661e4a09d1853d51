import { CHECKS, type CheckRow } from "./checks.js"
import type { NamedFile } from "./dist.js"
import { sameVersion } from "./spelling.js"

/** What one check found. */
export interface CheckResult extends CheckRow {
  /** What it looked at, or compared. */
  evidence: string[]
  /** Findings that fail the verdict, unless the check only warns. */
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
  /** The module that it lacks, where an extra brings that one. */
  lacks?: string | null
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

/** Versions, by place, that are not the one expected. */
export function versionProblems(
  expected: string,
  versions: Record<string, string>,
): string[] {
  return Object.entries(versions)
    .filter(([, version]) => !sameVersion(version, expected))
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
  { name, exitCode, output, lacks }: CommandResult,
): { problem?: string; note?: string } {
  const asked = `${name} --version`
  if (lacks) return { note: `${name} needs ${lacks}, which an extra brings` }
  if (exitCode === null) return { note: `${asked} did not end` }
  if (exitCode === 126 || exitCode === 127) {
    return { problem: `${name} cannot be started: ${output}` }
  }
  if (exitCode !== 0) return { note: `${asked} ended with ${exitCode}` }
  const printed = output.match(VERSION_LIKE) ?? []
  if (printed.length === 0) return { note: `${asked} prints no version` }
  return printed.some((version) => sameVersion(version, expected))
    ? {}
    : { problem: `${asked} prints ${output}, not ${expected}` }
}

/** The check of one installed file, on one interpreter where it is said. */
export function installCheck(
  file: string,
  expected: string,
  tried: Tried,
  python?: string,
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
  const where = python === undefined ? file : `${file} on Python ${python}`
  const imported = (tried.imported ?? []).join(", ") || "nothing"
  return {
    ...(file.endsWith(".whl") ? CHECKS.wheel : CHECKS.sdist),
    evidence: [`${where}: imported ${imported}`],
    problems: problems.map((problem) => `${where}: ${problem}`),
    notes: commands.flatMap(({ note }) => (note ? [`${where}: ${note}`] : [])),
  }
}

/** The note that interpreters were promised, and not tried; or none. */
export function lackingNote(
  { name, kind }: NamedFile,
  pythons: string[],
): CheckResult[] {
  if (pythons.length === 0) return []
  const note = `${name}: Python ${pythons.join(", ")} is promised and was not tried: there is no image of it here`
  return [{ ...CHECKS[kind], evidence: [], problems: [], notes: [note] }]
}

/** A check that there is nothing for; its evidence says what is lacking. */
export function untried(row: CheckRow, lacking: string): CheckResult {
  const evidence = [`not compared: ${lacking}`]
  return { ...row, evidence, problems: [], notes: [] }
}

/** The check that everything states one version. */
export function versionCheck(
  expected: string,
  versions: Record<string, string>,
): CheckResult {
  return {
    ...CHECKS.version,
    evidence: Object.entries(versions).map(([place, it]) => `${place}: ${it}`),
    problems: versionProblems(expected, versions),
    notes: [],
  }
}

/** Results of one check, of several files or interpreters, as one. */
export function merged(results: CheckResult[]): CheckResult[] {
  const byId = new Map<string, CheckResult>()
  for (const result of results) {
    const { evidence, problems, notes } = byId.get(result.id) ?? {
      ...{ evidence: [], problems: [], notes: [] },
    }
    byId.set(result.id, {
      ...result,
      evidence: [...evidence, ...result.evidence],
      problems: [...problems, ...result.problems],
      notes: [...notes, ...result.notes],
    })
  }
  return [...byId.values()]
}

/** The checks that fail the verdict. */
export function failed(checks: CheckResult[]): CheckResult[] {
  return checks.filter(
    (check) => check.severity === "error" && check.problems.length > 0,
  )
}

/** One sentence per check that failed, or none. */
export function failures(checks: CheckResult[]): string[] {
  return failed(checks).map(({ id, protects, problems }) => {
    const found = problems.map((problem) => `    ${problem}`).join("\n")
    return `${id} (protects from ${protects}):\n${found}`
  })
}

/** How much larger or smaller a file may be than that of the last release. */
const FACTOR = 2

/** The previous release on an index, as tools/previous.py prints it. */
export interface Previous {
  version: string
  /** Bytes by file name. */
  sizes: Record<string, number>
}

/** What two files of two releases have in common: kind, and a wheel's tags. */
function sizeKey(name: string): string {
  return name.endsWith(".whl") ? name.split("-").slice(2).join("-") : "sdist"
}

/** The check of sizes against the previous release; a warning at a factor. */
export function sizeCheck(
  files: { name: string; size: number }[],
  previous: Previous | null,
): CheckResult {
  if (previous === null) {
    return untried(CHECKS.previous, "the index has no earlier release")
  }
  const before = new Map(
    Object.entries(previous.sizes).map(([name, size]) => [sizeKey(name), size]),
  )
  const pairs = files.flatMap(({ name, size }) => {
    const old = before.get(sizeKey(name))
    return old === undefined ? [] : [{ name, size, old }]
  })
  if (pairs.length === 0) {
    const lacks = `${previous.version} has no file of this kind on the index`
    return untried(CHECKS.previous, lacks)
  }
  const text = ({ name, size, old }: (typeof pairs)[number]) =>
    `${name} has ${size} bytes, in ${previous.version} it had ${old}`
  return {
    ...CHECKS.previous,
    evidence: pairs.map(text),
    problems: pairs
      .filter(({ size, old }) => Math.max(size / old, old / size) >= FACTOR)
      .map(text),
    notes: [],
  }
}
