import { parse } from "yaml"
import { type Table, table, text } from "./toml.js"
import { hasIdToken } from "./uploading.js"
import { eventsOf } from "./workflow.js"

/** Who an index trusts to publish a project. */
export interface Publisher {
  /** OWNER/REPO; null where it is not known. */
  repository: string | null
  /** The workflow's file name. */
  workflow: string | null
  environment: string | null
}

/** A job that publishes, and what its identity will claim. */
export interface PublishingJob {
  workflow: string
  job: string
  environment: string | null
  /** Whether the job may ask for an identity. */
  identity: boolean
  /** The events that start the workflow. */
  events: string[]
}

/**
 * Reads `--publisher`.
 *
 * @param given - `OWNER/REPO:WORKFLOW.yml[:ENVIRONMENT]`; empty for none
 * @throws a sentence where it has another form
 */
export function readPublisher(given: string): Publisher | null {
  if (given === "") return null
  const read = /^([\w.-]+\/[\w.-]+):([^/:]+\.ya?ml)(?::(.+))?$/.exec(given)
  if (read === null) {
    throw new Error(
      `--publisher=${given} is no publisher. Pass it as it is registered, OWNER/REPO:WORKFLOW.yml:ENVIRONMENT, such as --publisher=ada/demo:release.yml:pypi; without an environment where none is registered.`,
    )
  }
  const [, repository = "", workflow = "", environment = null] = read
  return { repository, workflow, environment }
}

/** OWNER/REPO of the first remote on GitHub in a git configuration. */
export function repositoryOf(config: string): string | null {
  const url = /url = .*github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\s*$/m
  return url.exec(config)?.[1] ?? null
}

/** A step that publishes, with this module or with PyPI's own action. */
function publishes(step: Table): boolean {
  const says = [step.run, table(step.with).args, table(step.with).call]
  return (
    text(step.uses)?.startsWith("pypa/gh-action-pypi-publish") === true ||
    says.some((it) => /\bpublish\b[^\n]*--oidc-request/.test(text(it) ?? ""))
  )
}

/** The jobs of a workflow that publish; none where it is no workflow. */
export function publishingJobs(name: string, yaml: string): PublishingJob[] {
  let workflow: Table
  try {
    workflow = table(parse(yaml.replaceAll("\\\n", " ")))
  } catch {
    return [] // GitHub does not run it either
  }
  return Object.entries(table(workflow.jobs)).flatMap(([job, body]) => {
    const { steps, permissions, environment } = table(body)
    const all = Array.isArray(steps) ? steps.map(table) : []
    if (!all.some(publishes)) return []
    const named = text(environment) ?? text(table(environment).name) ?? null
    return {
      ...{ workflow: name, job, environment: named },
      identity: hasIdToken(permissions ?? workflow.permissions),
      events: eventsOf(workflow.on),
    }
  })
}

/**
 * Why an index would mint no token for a job, in sentences.
 *
 * @param repository - the project's, null where it is not known
 * @param expected - the registered publisher, null where it was not told
 */
export function publisherProblems(
  job: PublishingJob,
  repository: string | null,
  expected: Publisher | null,
): string[] {
  const { workflow, environment, events } = job
  const where = `The job ${job.job} in .github/workflows/${workflow}`
  const differs = (is: string | null, wanted: string | null | undefined) =>
    expected !== null &&
    (is ?? "").toLowerCase() !== (wanted ?? "").toLowerCase()
  const rows: [wrong: boolean, sentence: string][] = [
    [
      !job.identity,
      `${where} cannot show who it is: give it \`permissions: id-token: write\`.`,
    ],
    [
      environment === null && expected === null,
      `${where} names no environment: name one (\`environment: pypi\`), with protection rules, and register the publisher with it.`,
    ],
    [
      differs(environment, expected?.environment),
      `${where} runs in ${environment === null ? "no environment" : `the environment ${environment}`}, and the publisher is registered with ${expected?.environment ?? "none"}.`,
    ],
    [
      expected !== null && workflow !== expected.workflow,
      `${where} publishes, and the publisher is registered for ${expected?.workflow}.`,
    ],
    [
      repository !== null && differs(repository, expected?.repository),
      `The repository is ${repository}, and the publisher is registered for ${expected?.repository}.`,
    ],
    [
      events.includes("workflow_call"),
      `${where} can be called by another workflow, and then no publisher matches: publish from the workflow that starts.`,
    ],
    [
      events.includes("pull_request_target"),
      `${where} runs on pull_request_target, from which indexes take nothing.`,
    ],
  ]
  return rows.flatMap(([wrong, sentence]) => (wrong ? [sentence] : []))
}
