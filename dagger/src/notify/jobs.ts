import { table, text } from "../toml.js"

/** Results of a run's jobs, such as `failure`, by their ids. */
export type Jobs = Record<string, string>

/**
 * Reads `--jobs`, in the form of GitHub's `toJSON(needs)`; none where it was
 * not given.
 *
 * @throws a sentence where it is of another form
 */
export function readJobs(source: string): Jobs {
  if (source === "") return {}
  let read: [string, string | undefined][] = []
  try {
    read = Object.entries(table(JSON.parse(source))).map(([job, it]) => [
      job,
      text(table(it).result),
    ])
  } catch {
    // no JSON has no jobs either
  }
  const jobs = read.flatMap(([job, result]) =>
    result === undefined ? [] : [[job, result] as const],
  )
  if (jobs.length > 0 && jobs.length === read.length) {
    return Object.fromEntries(jobs)
  }
  throw new Error(
    '--jobs is not what toJSON(needs) gives. Pass that, or an object such as {"build": {"result": "failure"}}.',
  )
}

/** Ids of the jobs that failed. */
export function failedJobs(jobs: Jobs): string[] {
  return Object.keys(jobs).filter((job) => jobs[job] === "failure")
}
