import type { CheckList } from "./checks.js"
import type { Page } from "./page.js"
import type { VerifyReport } from "./verify.js"

/** How much evidence a line of the table shows. */
const SHOWN = 2

function evidenceOf(evidence: string[]): string {
  const more = evidence.length - SHOWN
  const rest = more > 0 ? `; ${more} more` : ""
  return evidence.slice(0, SHOWN).join("; ") + rest
}

/** The report for people. */
export function verifyPage(report: VerifyReport): Page {
  const { project, version, files, checks } = report
  const notes = checks.flatMap((check) => check.notes)
  const warnings = checks.flatMap(({ id, problems }) =>
    problems.map((problem) => `${id}: ${problem}`),
  )
  return {
    title: `${project} ${version}: ${checks.length} checks passed`,
    facts: [],
    tables: [
      [
        ["file", "bytes", "sha256"],
        ...files.map((file) => [file.name, String(file.size), file.sha256]),
      ],
      [
        ["check", "protects from", "evidence"],
        ...checks.map((check) => [
          ...[check.id, check.protects, evidenceOf(check.evidence)],
        ]),
      ],
    ],
    notes: [...warnings, ...notes],
  }
}

/** The table of checks for people. */
export function listPage({ checks }: CheckList): Page {
  return {
    title: `${checks.length} checks`,
    facts: [],
    tables: [
      [
        ["check", "severity", "protects from"],
        ...checks.map(({ id, severity, protects }) => [id, severity, protects]),
      ],
    ],
    notes: [],
  }
}
