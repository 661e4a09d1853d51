import type { Finding } from "./audit/finding.js"
import { type Audited, findings } from "./audit/finding.js"
import {
  AUDIT_SCHEMA,
  type AuditReport,
  auditPage,
  counts,
  ordered,
} from "./audit/page.js"
import { auditedProject } from "./audit/project.js"
import { RULES } from "./audit/rules.js"
import { READ, readZizmor, type ZizmorFinding } from "./audit/zizmor.js"
import { base, SOURCE, withLocked, withTools } from "./container.js"
import { readCommit } from "./facts.js"
import { Format } from "./format.js"
import { render } from "./page.js"
import { packagePath } from "./project.js"
import { ignoredNames, type Located, readFacts } from "./source.js"
import { ask } from "./tool.js"
import { isUnreadable, readWorkflow, type Unreadable } from "./workflow.js"
import { isWorkflow, type Repository, readRepository } from "./workflows.js"

/** A workflow that cannot be read is one that nobody looked at. */
export function unreadable({ path, line, reason }: Unreadable): Finding {
  return {
    ...{ id: "unreadable", severity: "error", file: path, line },
    why: `GitHub cannot read the file, and neither can this audit: ${reason}`,
    fix: "Mend the YAML.",
  }
}

/** What the own rules find in a repository. */
export function ruleFindings(
  { project, path }: Pick<Audited, "project" | "path">,
  { tracked, texts }: Pick<Repository, "tracked" | "texts">,
): Finding[] {
  const read = Object.entries(texts)
    .filter(([file]) => isWorkflow(file))
    .map(([file, text]) => readWorkflow(file, text))
  const audited: Audited = {
    workflows: read.flatMap((it) => (isUnreadable(it) ? [] : it)),
    ...{ project, path, tracked, texts },
  }
  const broken = read.flatMap((it) => (isUnreadable(it) ? it : []))
  return [...broken.map(unreadable), ...findings(RULES, audited)]
}

/** What zizmor finds in workflows, actions and what keeps them up to date. */
async function zizmorFindings({ directory }: Located): Promise<Finding[]> {
  const container = base()
    .with(withLocked("audit"))
    .with(withTools("zizmor.sh"))
    .withMountedDirectory(SOURCE, directory.filter({ include: READ }))
    .withWorkdir(SOURCE)
  const command = ["sh", "/tools/zizmor.sh", "/opt/audit/bin/zizmor"]
  command.push("--offline", "--quiet")
  command.push("--no-exit-codes", "--format=json-v1", "--collect=all", ".")
  return readZizmor(await ask<ZizmorFinding[]>(container, "zizmor", command))
}

/** Audits a repository's workflows and configuration. */
export async function auditRepository(located: Located): Promise<AuditReport> {
  const path = packagePath(located.path)
  const facts = await readFacts(located.directory, path)
  const project = auditedProject(facts, path)
  readCommit(facts, ignoredNames())
  const source = { ...located, path, project }
  const repository = await readRepository(source)
  const theirs = await zizmorFindings(source)
  return {
    schema: AUDIT_SCHEMA,
    project: project.name,
    workflows: Object.keys(repository.texts).filter(isWorkflow),
    findings: ordered([...ruleFindings(source, repository), ...theirs]),
  }
}

/**
 * The report, in the form asked for.
 *
 * @throws the report as text where it has errors that are not allowed
 */
export function auditText(
  report: AuditReport,
  format: Format,
  allowErrors: boolean,
): string {
  const failed = report.findings.some((it) => it.severity === "error")
  if (!failed || allowErrors) return render(report, auditPage, format)
  throw new Error(
    `The audit failed with ${counts(report.findings)}.\n${render(report, auditPage, Format.Text)}`,
  )
}
