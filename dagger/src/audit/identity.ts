import { commandsOf, isProjectCode } from "../commands.js"
import { table, text } from "../toml.js"
import { hasIdToken } from "../uploading.js"
import { eventsOf, type Job, type Step } from "../workflow.js"
import type { Audited, Rule } from "./finding.js"
import {
  identified,
  inJob,
  inStep,
  jobs,
  publishes,
  publishing,
  stepsOfAction,
} from "./reading.js"

/** Actions that use an identity, besides uploaders. */
const SIGNERS =
  /^(?:actions\/attest|sigstore\/gh-action|aws-actions\/configure|google-github-actions\/auth|azure\/login|codecov\/codecov-action|actions\/deploy-pages)/i

/** Whether a step runs the project's code, itself or by an action that does. */
function runsProject(step: Step, audited: Audited): boolean {
  return [step, ...stepsOfAction(step, audited)].some((it) =>
    commandsOf(it).some(isProjectCode),
  )
}

/** Whether a job is deployed to an environment. */
function hasEnvironment({ data }: Job): boolean {
  const { environment } = data
  return (text(environment) ?? text(table(environment).name) ?? "") !== ""
}

/** Rules about trusted publishing. */
export const IDENTITY_RULES: Rule[] = [
  {
    id: "wide-id-token",
    severity: "error",
    why: "`id-token: write` for the whole workflow, or for a job that uses no identity, lets any of its steps publish as the project",
    fix: "Set `permissions: {}` for the workflow, and `id-token: write` in the jobs that upload alone.",
    find: (audited) => [
      ...audited.workflows
        .filter(({ data }) => hasIdToken(data.permissions))
        .map(({ path, lineOf }) => ({
          file: path,
          line: lineOf(["permissions", "id-token"]),
        })),
      ...jobs(audited)
        .filter(
          (at) =>
            hasIdToken(at.job.data.permissions) &&
            !publishes(at, audited) &&
            at.job.data.uses === undefined &&
            !at.job.steps.some((step) =>
              SIGNERS.test(text(step.data.uses) ?? ""),
            ),
        )
        .map((at) => inJob(at, "permissions", "id-token")),
    ],
  },
  {
    id: "code-beside-identity",
    severity: "error",
    why: "the project's code, and that of everything it builds and tests with, runs where the job's identity can be read, and could publish as the project",
    fix: "Build and test in a job without permissions, hand the files on as an artifact, and compare them by hash before the upload.",
    find: (audited) =>
      jobs(audited)
        .filter(identified)
        .flatMap((at) =>
          at.job.steps
            .filter((step) => runsProject(step, audited))
            .map((step) =>
              inStep(
                at,
                step,
                text(step.data.run) === undefined ? "uses" : "run",
              ),
            ),
        ),
  },
  {
    id: "reusable-publish",
    severity: "error",
    why: "PyPI knows a trusted publisher by the workflow that a run begins with, and attestations name the one that is called: an upload from a reusable workflow is refused, or loses its attestations",
    fix: "Upload in a job of the workflow that the event starts; build and test in reusable ones.",
    find: (audited) => [
      ...publishing(audited)
        .filter(({ workflow }) =>
          eventsOf(workflow.data.on).includes("workflow_call"),
        )
        .filter(identified)
        .map((at) => inJob(at)),
      ...publishing(audited)
        .filter(({ job }) => job.data.uses !== undefined)
        .map((at) => inJob(at, "uses")),
    ],
  },
  {
    id: "no-environment",
    severity: "error",
    why: "without an environment nothing can hold a deployment back: no reviewer, and no rule for branches and tags",
    fix: "Give the job `environment: pypi` (or testpypi), protect it, and name it where the trusted publisher is registered.",
    find: (audited) =>
      publishing(audited)
        .filter(
          ({ job }) => job.data.uses === undefined && !hasEnvironment(job),
        )
        .map((at) => inJob(at)),
  },
]
