import { table, text } from "../toml.js"
import { calledBy, evidenceOf, hasIdToken } from "../uploading.js"
import {
  isUnreadable,
  type Job,
  needsOf,
  readWorkflow,
  type Step,
  type Workflow,
} from "../workflow.js"
import type { Audited, Place } from "./finding.js"

/** A job in its workflow. */
export interface At {
  workflow: Workflow
  job: Job
}

/** Every job of every workflow. */
export function jobs({ workflows }: Audited): At[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs.map((job) => ({ workflow, job })),
  )
}

/** Whether a job publishes, as far as one can see. */
export function publishes({ workflow, job }: At, audited: Audited): boolean {
  return evidenceOf(workflow, job, audited.workflows).length > 0
}

/** The jobs that publish. */
export function publishing(audited: Audited): At[] {
  return jobs(audited).filter((at) => publishes(at, audited))
}

/** A job's permissions: its own, or else the workflow's. */
export function permissionsOf({ workflow, job }: At): unknown {
  return job.data.permissions ?? workflow.data.permissions
}

/** Whether a job can get an identity. */
export function identified(at: At): boolean {
  return hasIdToken(permissionsOf(at))
}

/** The place of a job's key; of the job where it has no such key. */
export function inJob({ workflow, job }: At, ...keys: string[]): Place {
  const line = workflow.lineOf(["jobs", job.id, ...keys])
  return { file: workflow.path, line }
}

/** The place of a step's key, or of the step. */
export function inStep(
  { workflow, job }: At,
  step: Step,
  ...keys: (string | number)[]
): Place {
  const index = job.steps.indexOf(step)
  const line = workflow.lineOf(["jobs", job.id, "steps", index, ...keys])
  return { file: workflow.path, line }
}

/**
 * The jobs that stand for one: its own, or those of the workflow of the same
 * repository that it calls.
 */
export function within(at: At, workflows: Workflow[]): At[] {
  const called = calledBy(at.job, workflows)
  if (called === undefined) return [at]
  const others = workflows.filter((it) => it !== called)
  return called.jobs.flatMap((job) => within({ workflow: called, job }, others))
}

/** The steps of an action of the same repository; none where it is another. */
export function stepsOfAction(step: Step, { texts }: Audited): Step[] {
  const [, folder] = /^\.\/(.+?)\/?$/.exec(text(step.data.uses) ?? "") ?? []
  const file = ["action.yml", "action.yaml"]
    .flatMap((name) => texts[`${folder}/${name}`] ?? [])
    .at(0)
  if (file === undefined) return []
  const action = readWorkflow("action.yml", file)
  if (isUnreadable(action)) return []
  const { steps } = table(action.data.runs)
  const all: unknown[] = Array.isArray(steps) ? steps : []
  return all.map((it) => ({ line: 1, data: table(it) }))
}

/** A job and all those it waits for. */
export function behind({ workflow, job }: At): At[] {
  const found = new Map([[job.id, job]])
  for (const it of found.values())
    for (const id of needsOf(it)) {
      const other = workflow.jobs.find((candidate) => candidate.id === id)
      if (other !== undefined) found.set(id, other)
    }
  return [...found.values()].map((it) => ({ workflow, job: it }))
}
