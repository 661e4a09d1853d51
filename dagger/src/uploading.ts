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

/** Actions that upload one. */
const ACTIONS = ["pypa/gh-action-pypi-publish"]

/** The repository of an action: `OWNER/NAME` of `OWNER/NAME/PATH@REF`. */
export function actionOf(step: Step): string {
  const uses = text(step.data.uses) ?? ""
  return uses.replace(/@.*$/s, "").split("/").slice(0, 2).join("/")
}

/** Whether a step uploads to an index. */
export function uploads(step: Step): boolean {
  const run = text(step.data.run) ?? ""
  return (
    ACTIONS.includes(actionOf(step).toLowerCase()) ||
    COMMANDS.some((command) => command.test(run))
  )
}

/** Whether a job does, in a step or by a workflow that is called publish. */
export function publishes(job: Job): boolean {
  const called = text(job.data.uses) ?? ""
  return job.steps.some(uploads) || /\b(?:pypi|publish)\b/i.test(called)
}

/** Whether a job or the workflow gives it `id-token: write`. */
export function hasIdToken(permissions: unknown): boolean {
  return (
    permissions === "write-all" || table(permissions)["id-token"] === "write"
  )
}
