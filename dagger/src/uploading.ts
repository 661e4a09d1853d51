import { table, text } from "./toml.js"
import type { Job, Step } from "./workflow.js"

/** Commands that upload a distribution, as they stand in a script. */
const COMMANDS = [
  /\btwine\s+upload\b/,
  /\b(?:uv|poetry|flit|hatch|pdm)\s+publish\b/,
  /\bsetup\.py\s+(?:\S+\s+)*upload\b/,
  /\bsemantic-release\s+publish\b/,
  /\bdagger\b[^\n]*\bpublish\b[^\n]*--index=(?:"?\$|pypi|testpypi|http)/,
]

/**
 * Variables and inputs that uploaders read a token from. A step that is given
 * one uploads, whatever it runs: `tox -e publish`, `make release`.
 */
export const PASSWORDS =
  /^(?:password|(?:twine|hatch_index|poetry_http_basic_\w+|flit|pdm_publish|uv_publish)_(?:password|auth)|poetry_pypi_token_\w+|uv_publish_token|pypi_(?:api_)?token|test_pypi_(?:api_)?token)$/i

/** Actions that upload one. */
const ACTIONS = ["pypa/gh-action-pypi-publish"]

/** The repository of an action: `OWNER/NAME` of `OWNER/NAME/PATH@REF`. */
export function actionOf(step: Step): string {
  const uses = text(step.data.uses) ?? ""
  return uses.replace(/@.*$/s, "").split("/").slice(0, 2).join("/")
}

/** Whether the `env:` of a step or a job has an uploader's token. */
function hasToken(env: unknown): boolean {
  const names = Object.keys(table(env))
  return names.some((name) => name !== "password" && PASSWORDS.test(name))
}

/** Whether a step uploads to an index. */
export function uploads(step: Step): boolean {
  const run = text(step.data.run) ?? ""
  return (
    ACTIONS.includes(actionOf(step).toLowerCase()) ||
    COMMANDS.some((command) => command.test(run)) ||
    (run !== "" && hasToken(step.data.env))
  )
}

/** Whether a job does, in a step or by a workflow that is called publish. */
export function publishes(job: Job): boolean {
  const called = text(job.data.uses) ?? ""
  return (
    job.steps.some(uploads) ||
    hasToken(job.data.env) ||
    /\b(?:pypi|publish)\b/i.test(called)
  )
}

/** Whether a job or the workflow gives it `id-token: write`. */
export function hasIdToken(permissions: unknown): boolean {
  return (
    permissions === "write-all" || table(permissions)["id-token"] === "write"
  )
}
