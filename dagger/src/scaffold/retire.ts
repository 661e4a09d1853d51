import { parseDocument } from "yaml"
import { evidenceOf } from "../uploading.js"
import {
  isUnreadable,
  needsOf,
  readWorkflow,
  type Workflow,
} from "../workflow.js"

/** What becomes of a workflow that publishes, beside the one written now. */
export interface Retirement {
  path: string
  /** Ids of the jobs that are taken out. */
  jobs: string[]
  /** What is left of it; null where it goes as a whole. */
  text: string | null
}

/** The jobs that publish, with all they wait for and all that wait for them. */
function connected(workflow: Workflow): Set<string> {
  const { jobs } = workflow
  const publishing = jobs.filter(
    (job) => evidenceOf(workflow, job, []).length > 0,
  )
  const found = new Set(publishing.map((job) => job.id))
  const size = () => found.size
  for (let before = -1; before !== size(); ) {
    before = size()
    for (const job of jobs) {
      const needs = needsOf(job)
      if (needs.some((id) => found.has(id))) found.add(job.id)
      if (found.has(job.id)) for (const id of needs) found.add(id)
    }
  }
  return found
}

/**
 * Which workflows publish already, and what is left of them: two workflows
 * would both publish a tag. Jobs that have nothing to do with it stay.
 *
 * @param texts - files by path; those that are no workflows are passed over
 * @param written - the path of the workflow that is written
 */
export function retire(
  texts: Record<string, string>,
  written: string,
): Retirement[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    const workflow = readWorkflow(path, text)
    if (path === written || isUnreadable(workflow)) return []
    const going = connected(workflow)
    if (going.size === 0) return []
    const jobs = [...going]
    if (jobs.length === workflow.jobs.length) return { path, jobs, text: null }
    const document = parseDocument(text)
    for (const id of jobs) document.deleteIn(["jobs", id])
    return { path, jobs, text: document.toString({ lineWidth: 0 }) }
  })
}
