import {
  actionOf,
  builds,
  commandsOf,
  isOff,
  isTest,
  isTrue,
  linesOf,
} from "../commands.js"
import { table, text } from "../toml.js"
import { uploads } from "../uploading.js"
import { needsOf, type Step, type Workflow } from "../workflow.js"
import type { Audited, Place, Rule } from "./finding.js"
import {
  type At,
  behind,
  inJob,
  inStep,
  jobs,
  publishing,
  within,
} from "./reading.js"

function runsTests(step: Step): boolean {
  return !isOff(step) && commandsOf(step).some(isTest)
}

function tests(at: At, workflows: Workflow[]): boolean {
  if (isOff(at.job)) return false
  const called = text(at.job.data.uses) ?? ""
  return (
    /\btests?\b/i.test(called) ||
    within(at, workflows).some(
      ({ job }) => !isOff(job) && job.steps.some(runsTests),
    )
  )
}

/** Whether a condition lets something run that comes after what failed. */
function goesOn(condition: unknown): boolean {
  const asked = String(condition)
  return (
    /\b(?:always|failure)\s*\(\s*\)|!\s*cancelled\s*\(/.test(asked) &&
    !/!\s*failure\s*\(|\bneeds\.\S+\.result\b|\bsuccess\s*\(|\.outcome\b/.test(
      asked,
    )
  )
}

/** Ends of a line that make its outcome a success. */
const SHRUGS =
  /\|\|\s*(?:true\b|:|exit 0\b|echo\b(?!.*(?:\bexit [1-9$]|\bfalse\b)))/

/** Whether a script goes on after a command that failed: `bash -e` does not. */
function unchecked(step: Step): boolean {
  const shell = text(step.data.shell) ?? ""
  return (
    /^\s*set \+e\b|[;&]\s*set \+e\b/m.test(linesOf(step).join("\n")) ||
    (shell.includes("{0}") && !/\s-\w*e/.test(shell))
  )
}

/** Whether the outcome of the tests in a step's script is lost. */
function losesOutcome(step: Step): boolean {
  const lines = linesOf(step).flatMap((line) => line.split(/\s*;\s*/))
  if (lines.some((line) => isTest(line) && SHRUGS.test(line))) return true
  const last = lines.map(isTest).lastIndexOf(true)
  return (
    unchecked(step) &&
    last < lines.length - 1 &&
    !/\$\?|PIPESTATUS/.test(lines.join("\n"))
  )
}

/** The checkouts of jobs that build a project whose version is git's. */
function checkouts(
  audited: Audited,
  wrong: (depth: unknown) => boolean,
): Place[] {
  if (audited.project.provider === "static") return []
  return jobs(audited)
    .filter(({ job }) => job.steps.some(builds))
    .flatMap((at) =>
      at.job.steps
        .filter((step) => actionOf(step) === "actions/checkout")
        .filter((step) => wrong(table(step.data.with)["fetch-depth"]))
        .map((step) => inStep(at, step, "with", "fetch-depth")),
    )
}

const SHALLOW =
  "setuptools-scm counts from the last tag, and without the history it makes 0.1.dev1 of any commit, without an error"

/** Rules about what stands before an upload. */
export const GATE_RULES: Rule[] = [
  {
    id: "no-tests",
    severity: "error",
    why: "no job before the upload runs tests: whatever is pushed is released",
    fix: "Let the job `needs:` one that runs the tests; `test` runs them against the wheel that is published.",
    find: (audited) =>
      publishing(audited)
        .filter((at) => !behind(at).some((it) => tests(it, audited.workflows)))
        .map((at) => inJob(at)),
  },
  {
    id: "echoed-tests",
    severity: "error",
    why: "it is called a test, and does nothing but print: it is green whatever is pushed",
    fix: "Run the tests there, or remove it, so that nobody takes it for a gate.",
    find: (audited) =>
      jobs(audited).flatMap((at) =>
        at.job.steps
          .filter((step) => {
            const run = text(step.data.run)
            const name = `${text(step.data.name) ?? ""} ${run ?? ""}`
            return (
              run !== undefined &&
              /\btests?\b/i.test(name) &&
              commandsOf(step).length === 0 &&
              // Such a step tells of those before it.
              !/\b(?:always|failure|success)\s*\(/.test(String(step.data.if)) &&
              !run.includes("GITHUB_")
            )
          })
          .map((step) => inStep(at, step, "run")),
      ),
  },
  {
    id: "ignored-tests",
    severity: "error",
    why: "the tests run, and their outcome is thrown away",
    fix: "Remove `continue-on-error`, `|| true`, or `set +e`.",
    find: (audited) =>
      jobs(audited).flatMap((at) => {
        const tested = at.job.steps.filter((step) =>
          commandsOf(step).some(isTest),
        )
        const job =
          tested.length > 0 && isTrue(at.job.data["continue-on-error"])
        return [
          ...(job ? [inJob(at, "continue-on-error")] : []),
          ...tested.flatMap((step) => {
            if (isTrue(step.data["continue-on-error"]))
              return inStep(at, step, "continue-on-error")
            return losesOutcome(step) ? inStep(at, step, "run") : []
          }),
        ]
      }),
  },
  {
    id: "skipped-gate",
    severity: "error",
    why: "the condition holds where what it waits for has failed, too: a commit whose tests fail is published",
    fix: "Remove `always()`, `failure()` or `!cancelled()`, or ask `needs.JOB.result == 'success'` of each job that is a gate.",
    find: (audited) =>
      publishing(audited).flatMap((at) => {
        const waits = needsOf(at.job).length > 0 && goesOn(at.job.data.if)
        return [
          ...(waits ? [inJob(at, "if")] : []),
          ...at.job.steps
            .filter((step) => uploads(step) && goesOn(step.data.if))
            .map((step) => inStep(at, step, "if")),
        ]
      }),
  },
  {
    id: "no-fetch-depth",
    severity: "error",
    why: `checked out without its history: ${SHALLOW}`,
    fix: "Set `fetch-depth: 0` in actions/checkout.",
    find: (audited) => checkouts(audited, (depth) => depth === undefined),
  },
  {
    id: "shallow-checkout",
    severity: "error",
    why: `some commits alone are checked out: ${SHALLOW}`,
    fix: "Set `fetch-depth: 0` in actions/checkout.",
    find: (audited) =>
      checkouts(
        audited,
        (depth) => depth !== undefined && String(depth) !== "0",
      ),
  },
]
