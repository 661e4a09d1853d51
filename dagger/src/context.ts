/** Whose run published, as CI names it: the receipt's part of the audit. */
export type Context = Record<string, string>

/**
 * What may be in a receipt. GitHub's whole context may be given, and has a
 * token in it: what is not named here is left out.
 */
const NAMED = [
  ...["url", "actor", "event_name", "workflow", "workflow_ref", "job"],
  ...["repository", "ref", "sha", "server_url", "run_id", "run_number"],
  ...["run_attempt", "environment"],
]

/**
 * Reads `--context`; empty where none was given.
 *
 * @throws a sentence where it is no JSON object
 */
export function readContext(text: string): Context {
  if (text === "") return {}
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    given = undefined
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new Error(
      `--context is no JSON object. Pass the run's identity, such as --context='{"url": "https://…", "actor": "ada"}', or \${{ toJSON(github) }} by a variable.`,
    )
  }
  const entries = Object.entries(given).filter(
    ([name, value]) =>
      NAMED.includes(name) &&
      (typeof value === "string" || typeof value === "number") &&
      value !== "",
  )
  const context: Context = Object.fromEntries(
    entries.map(([name, value]) => [name, String(value)]),
  )
  const { server_url, repository, run_id, url } = context
  if (url !== undefined || !server_url || !repository || !run_id) return context
  return {
    ...context,
    url: `${server_url}/${repository}/actions/runs/${run_id}`,
  }
}
