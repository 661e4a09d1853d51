import type { Project } from "../project.js"
import type { Workflow } from "../workflow.js"

/** An `error` fails the audit, a `warning` does not. */
export type Severity = "error" | "warning"

/** Something that is wrong, where, and what to do. */
export interface Finding {
  /** The rule's; `zizmor/…` for what zizmor found. */
  id: string
  severity: Severity
  /** The file and the line (from 1). */
  file: string
  line: number
  why: string
  fix: string
}

/** A repository as rules look at it. */
export interface Audited {
  workflows: Workflow[]
  /** The package inside the repository, `.` where they are one. */
  path: string
  project: Pick<Project, "provider" | "settings" | "version">
  /** Every path that git tracks. */
  tracked: string[]
  /** Text by path of the files that may write a version down. */
  texts: Record<string, string>
}

/** Where a rule is broken; `what` completes its sentence there, if need be. */
export interface Place {
  file: string
  line: number
  what?: string
}

/** One thing that is looked for. */
export interface Rule {
  id: string
  severity: Severity
  why: string
  fix: string
  find(audited: Audited): Place[]
}

/** All findings of some rules, by file and line. */
export function findings(rules: Rule[], audited: Audited): Finding[] {
  return rules.flatMap(({ id, severity, why, fix, find }) =>
    find(audited).map(({ file, line, what }) => ({
      ...{ id, severity, file, line },
      why: what === undefined ? why : `${what}: ${why}`,
      fix,
    })),
  )
}
