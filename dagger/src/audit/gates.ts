import { table, text } from "../toml.js"
import { actionOf } from "../uploading.js"
import type { Audited, Place, Rule } from "./finding.js"
import {
  type At,
  behind,
  commandsOf,
  inJob,
  inStep,
  jobs,
  publishing,
} from "./reading.js"

const TESTS =
  /\b(?:pytest|tox|nox|unittest|trial|nose2)\b|\b(?:hatch|pdm|poetry|make|just|npm|invoke|rye)\s+(?:run\s+)?test|\bdagger\b.*\b(?:test|publish\b.*--source)\b|\bcibuildwheel\b/
/** Commands that install what tests, and do not run it. */
const INSTALL =
  /\b(?:pip3?|pipx|uv|conda|poetry|apt(?:-get)?|npm)\s+(?:[\w-]+\s+)*?(?:install|add|sync)\b[^&;|]*/g
/** Environments of test runners that run something else. */
const OTHER =
  /\b(?:tox|nox)\b.*\s-[es][ =]?(?:build|deploy|docs?|format|lint|mypy|package|publish|release|types?|upload)/
const BUILDS =
  /-m\s+build\b|\bpyproject-build\b|\bpipx run build\b|\bsetup\.py\b|\b(?:uv|hatch|poetry|flit|pdm)\s+build\b|\bpip\s+(?:wheel|install)\s+(?:\S+\s+)*?\.|\bcibuildwheel\b|\bdagger\b.*--source/
const BUILDERS = ["hynek/build-and-inspect-python-package", "pypa/cibuildwheel"]

function isTest(line: string): boolean {
  const run = line.replace(INSTALL, "")
  return TESTS.test(run) && !OTHER.test(run)
}

function tests({ job }: At): boolean {
  const called = text(job.data.uses) ?? ""
  return (
    /\btests?\b/i.test(called) ||
    job.steps.some((step) => commandsOf(step).some(isTest))
  )
}

function builds({ job }: At): boolean {
  return job.steps.some(
    (step) =>
      BUILDERS.includes(actionOf(step)) ||
      commandsOf(step).some((line) => BUILDS.test(line)),
  )
}

/** The checkouts of jobs that build a project whose version is git's. */
function checkouts(
  audited: Audited,
  wrong: (depth: unknown) => boolean,
): Place[] {
  if (audited.project.provider === "static") return []
  return jobs(audited)
    .filter(builds)
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
        .filter((at) => !behind(at).some(tests))
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
              /\becho\b/.test(run) &&
              commandsOf(step).length === 0 &&
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
    fix: "Remove `continue-on-error`, or `|| true`.",
    find: (audited) =>
      jobs(audited).flatMap((at) =>
        at.job.steps.flatMap((step) => {
          const lines = commandsOf(step).filter(isTest)
          if (lines.length === 0) return []
          if (step.data["continue-on-error"] === true)
            return inStep(at, step, "continue-on-error")
          const shrugs = lines.some((line) =>
            /\|\|\s*(?:true|:|echo)/.test(line),
          )
          return shrugs ? inStep(at, step, "run") : []
        }),
      ),
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
