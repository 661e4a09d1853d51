import type { Page } from "../page.js"
import type { Finding } from "./finding.js"

export const AUDIT_SCHEMA = "pypi-deploy/audit/1"

/** What an audit found. */
export interface AuditReport {
  schema: typeof AUDIT_SCHEMA
  project: string
  /** The workflows that were looked at. */
  workflows: string[]
  /** Errors first, then by file and line. */
  findings: Finding[]
}

/** Puts findings in the order in which a report has them. */
export function ordered(findings: Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      a.severity.localeCompare(b.severity) ||
      a.file.localeCompare(b.file) ||
      a.line - b.line ||
      a.id.localeCompare(b.id),
  )
}

/** `3 errors and 1 warning`. */
export function counts(findings: Finding[]): string {
  const count = (severity: string) => {
    const number = findings.filter((it) => it.severity === severity).length
    return `${number} ${severity}${number === 1 ? "" : "s"}`
  }
  return `${count("error")} and ${count("warning")}`
}

/** The report for people. */
export function auditPage(report: AuditReport): Page {
  const { project, workflows, findings } = report
  return {
    title: `${project}: ${counts(findings)}`,
    facts: [["workflows", workflows.join(", ") || "none"]],
    tables:
      findings.length === 0
        ? []
        : [
            [
              ["severity", "finding", "place"],
              ...findings.map(({ severity, id, file, line }) => [
                ...[severity, id, `${file}:${line}`],
              ]),
            ],
          ],
    notes: findings.map(
      ({ id, file, line, why, fix }) => `${file}:${line} ${id}: ${why}. ${fix}`,
    ),
  }
}
