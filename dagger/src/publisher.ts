import { parse } from "yaml"
import type { Publisher } from "./claims.js"
import { type Table, table, text } from "./toml.js"
import { hasIdToken } from "./uploading.js"
import { eventsOf } from "./workflow.js"

/** A job that publishes, and what its identity will claim. */
export interface PublishingJob {
  workflow: string
  job: string
  environment: string | null
  /** Whether the job may ask for an identity. */
  identity: boolean
  /** The events that start the workflow. */
  events: string[]
  /** Where it uploads to. */
  upload: string
}

/**
 * Reads `--publisher`.
 *
 * @param given - each `OWNER/REPO:WORKFLOW.yml[:ENVIRONMENT]`
 * @throws a sentence where one has another form
 */
export function readPublishers(given: string[]): Publisher[] {
  return given.map((it) => {
    const read = /^([\w.-]+)\/([\w.-]+):([^/:]+\.ya?ml)(?::(.+))?$/.exec(it)
    if (read === null) {
      throw new Error(
        `--publisher=${it} is no publisher. Pass it as it is registered, OWNER/REPO:WORKFLOW.yml:ENVIRONMENT, such as --publisher=ada/demo:release.yml:pypi; without an environment where none is registered.`,
      )
    }
    const [, owner, repository, workflow, environment] = read
    return { owner, repository, workflow, environment } as Publisher
  })
}

/** OWNER/REPO of the first remote on GitHub in a git configuration. */
export function repositoryOf(config: string): string | null {
  const url = /url = .*github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\s*$/m
  return url.exec(config)?.[1] ?? null
}

/** What a step says of how it publishes, if it does. */
function says(step: Table): string[] {
  const { args, call, "repository-url": url } = table(step.with)
  return [step.run, args, call, url].flatMap((it) => text(it) ?? [])
}

/** A step that publishes, with this module or with PyPI's own action. */
function publishes(step: Table): boolean {
  return (
    text(step.uses)?.startsWith("pypa/gh-action-pypi-publish") === true ||
    says(step).some((it) => /\bpublish\b[^\n]*--oidc-request/.test(it))
  )
}

function uploadOf(step: Table): string {
  const test = says(step).some((it) => /testpypi|test\.pypi\.org/.test(it))
  return `https://${test ? "test" : "upload"}.pypi.org/legacy/`
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
    const step = all.find(publishes)
    if (step === undefined) return []
    const named = text(environment) ?? text(table(environment).name) ?? null
    return {
      ...{ workflow: name, job, environment: named },
      identity: hasIdToken(permissions ?? workflow.permissions),
      events: eventsOf(workflow.on),
      upload: uploadOf(step),
    }
  })
}
