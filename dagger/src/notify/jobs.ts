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

/** What is said of jobs by their result; null where there is nothing to say. */
const ENDS: Record<string, string | null> = {
  ...{ success: null, skipped: null },
  ...{ failure: "failed", cancelled: "cancelled" },
}

/** The jobs that did not end well and how, in words; null where all did. */
export function badEnd(jobs: Jobs): string | null {
  const ends = new Map<string, string[]>()
  for (const [job, result] of Object.entries(jobs)) {
    const end = Object.hasOwn(ENDS, result) ? ENDS[result] : "did not succeed"
    if (end != null) ends.set(end, [...(ends.get(end) ?? []), job])
  }
  const said = [...ends].map(([end, names]) => `${names.join(", ")} ${end}`)
  return said.length > 0 ? said.join("; ") : null
}
