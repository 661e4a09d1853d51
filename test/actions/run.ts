import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parse } from "yaml"

import { type Event, githubContext } from "./event.js"
import { holds, interpolate, type Status } from "./expression.js"
import { starts, type Triggers } from "./starts.js"
import { runSteps, type StepSpec } from "./steps.js"

/** What became of a job. */
export interface JobResult {
  result: "success" | "failure" | "skipped"
  outputs: Record<string, string>
  /** What it wrote for people. */
  summary: string
  /** What its steps printed. */
  log: string
}

/** A job as the workflow has it, as far as this runs it. */
interface JobSpec {
  if?: string
  needs?: string | string[]
  env?: Record<string, string>
  permissions?: Record<string, string>
  environment?: { name: string }
  outputs?: Record<string, string>
  steps: StepSpec[]
}

/** A workflow as it is parsed. */
export interface WorkflowSpec {
  on: Triggers
  env: Record<string, string>
  jobs: Record<string, JobSpec>
}

/** What a run has in common for all its jobs. */
export interface Run {
  workflow: WorkflowSpec
  event: Event
  /** The repository that is checked out. */
  repository: string
  sha: string
  /** Where artifacts are kept. */
  artifacts: string
  /** What test/actions/dagger reads: TEST_CALL, TEST_CALLS, TEST_PORT, … */
  dagger: Record<string, string>
  /** What a job with `id-token: write` has, by its environment. */
  identity(environment: string): Record<string, string>
  /** The secrets of a job, by its environment. */
  secrets(environment: string): Record<string, string>
  jobs: Record<string, JobResult>
}

/**
 * Begins a run of a workflow.
 *
 * @throws where the event does not start it
 */
export function startRun(
  text: string,
  given: Omit<Run, "workflow" | "artifacts" | "jobs">,
): Run {
  const artifacts = mkdtempSync(join(tmpdir(), "artifacts-"))
  const workflow = parse(text) as WorkflowSpec
  if (!starts(workflow.on, given.event))
    throw new Error(`${given.event.name} of ${given.event.ref} starts nothing.`)
  return { workflow, artifacts, jobs: {}, ...given }
}

/** All jobs that a job waits for, and those they wait for. */
function ancestors(workflow: WorkflowSpec, id: string): string[] {
  const { needs = [] } = workflow.jobs[id] ?? { steps: [] }
  return [needs].flat().flatMap((it) => [it, ...ancestors(workflow, it)])
}

async function runJob(run: Run, id: string, spec: JobSpec): Promise<JobResult> {
  const before = ancestors(run.workflow, id).map((it) => run.jobs[it]?.result)
  const status: Status = {
    // A job that was skipped skips those behind it, however far behind.
    success: before.every((it) => it === "success"),
    failure: before.includes("failure"),
    cancelled: false,
  }
  const github = githubContext(run.event, run.sha)
  const secrets = run.secrets(spec.environment?.name ?? "")
  const contexts = { github, needs: run.jobs, secrets, env: {} }
  const none = { outputs: {}, summary: "", log: "" }
  if (!holds(spec.if, contexts, status)) return { result: "skipped", ...none }
  const env = { ...run.workflow.env, ...spec.env }
  const done = await runSteps(run, spec, { contexts, env })
  const { steps, ...said } = done
  const outputs = Object.entries(spec.outputs ?? {}).map(([name, value]) => [
    name,
    interpolate(value, { ...contexts, steps }, status),
  ])
  return { ...said, outputs: Object.fromEntries(outputs) }
}

/**
 * Runs a workflow's jobs in the order that they need each other; those that
 * have succeeded already are not run again, as by "Re-run failed jobs".
 *
 * @param only - the jobs to run; default: all
 */
export async function runJobs(
  run: Run,
  only: string[] = Object.keys(run.workflow.jobs),
): Promise<Record<string, JobResult>> {
  for (const [id, spec] of Object.entries(run.workflow.jobs)) {
    // In a file, a job stands after those it needs.
    if (!only.includes(id) || run.jobs[id]?.result === "success") continue
    run.jobs[id] = await runJob(run, id, spec)
  }
  return run.jobs
}
