import { table, text } from "../toml.js"
import { hasIdToken, publishes } from "../uploading.js"
import { type Job, needsOf, type Step, type Workflow } from "../workflow.js"
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

/** The jobs that publish. */
export function publishing(audited: Audited): At[] {
  return jobs(audited).filter(({ job }) => publishes(job))
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

/** Lines of a step's script that do something, comments and echoes left out. */
export function commandsOf(step: Step): string[] {
  return (text(step.data.run) ?? "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.trim())
    .filter(
      (line) => line !== "" && !/^(?:#|echo\b|printf\b|:$|true$)/.test(line),
    )
}

/** What a step is given: `with` and `env`, by name. */
export function givenTo(
  step: Step,
): [key: string, name: string, value: string][] {
  return ["with", "env"].flatMap((key) =>
    Object.entries(table(step.data[key])).map(
      ([name, value]): [string, string, string] => [key, name, String(value)],
    ),
  )
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
