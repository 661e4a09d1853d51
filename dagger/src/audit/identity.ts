import { text } from "../toml.js"
import { hasIdToken, publishes, uploads } from "../uploading.js"
import { eventsOf } from "../workflow.js"
import type { Rule } from "./finding.js"
import {
  commandsOf,
  identified,
  inJob,
  inStep,
  jobs,
  publishing,
} from "./reading.js"

/** Actions that use an identity, besides uploaders. */
const SIGNERS =
  /^(?:actions\/attest|sigstore\/gh-action|aws-actions\/configure|google-github-actions\/auth|azure\/login|codecov\/codecov-action|actions\/deploy-pages)/i

/** Commands that run what the project's authors, or its dependencies', wrote. */
const PROJECT_CODE =
  /\b(?:pytest|tox|nox|unittest|make|npm|cibuildwheel|pre-commit)\b|\b(?:pip|uv pip|pipx)\s+(?:install|run)\s+(?:\S+\s+)*?(?:-e\s*)?\.|-m\s+build\b|\bpyproject-build\b|\bpipx run build\b|\bsetup\.py\b|\b(?:uv|hatch|poetry|flit|pdm)\s+(?:build|sync|install|run)\b|(?:^|\s)(?:bash|sh|python3?)?\s*\.\/\S+|\bpython3?\s+[\w/]+\.py\b/

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
          ({ job }) =>
            hasIdToken(job.data.permissions) &&
            !publishes(job) &&
            job.data.uses === undefined &&
            !job.steps.some((step) => SIGNERS.test(text(step.data.uses) ?? "")),
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
            .filter((step) =>
              commandsOf(step).some((line) => PROJECT_CODE.test(line)),
            )
            .map((step) => inStep(at, step, "run")),
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
          ({ job }) =>
            job.data.environment === undefined && job.steps.some(uploads),
        )
        .map((at) => inJob(at)),
  },
]
