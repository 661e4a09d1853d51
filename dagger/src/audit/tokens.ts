import { givenTo, isTrue } from "../commands.js"
import {
  credentialInputs,
  credentialsIn,
  credentialsInScript,
} from "../credentials.js"
import { goesElsewhere, uploads } from "../uploading.js"
import type { Step } from "../workflow.js"
import type { Place, Rule } from "./finding.js"
import { type At, identified, inJob, inStep, jobs } from "./reading.js"

const SECRET = /\bsecrets\s*(?:\.\s*([\w-]+)|\[\s*'([^']+)'\s*\])/gi

/** As tools/workflows.py looks for it, in every file. */
const TOKEN = /\bpypi-AgE[\w-]{16,}/

/** Names of the secrets in a text, GitHub's own token left out. */
function secretsIn(value: string): string[] {
  return [...value.matchAll(SECRET)]
    .map(([, dotted, quoted = ""]) => dotted ?? quoted)
    .filter((name) => name.toUpperCase() !== "GITHUB_TOKEN")
}

/** The steps that could publish by an identity: other indexes know none. */
function tokenSteps({ workflow, job }: At): Step[] {
  return job.steps.filter((step) => !goesElsewhere(workflow, job, step))
}

/** Rules about secrets in workflows. */
export const TOKEN_RULES: Rule[] = [
  {
    id: "pypi-token",
    severity: "error",
    why: "whoever gets an API token may upload until somebody revokes it, and nothing ties it to this workflow",
    fix: "Register the workflow as a trusted publisher, remove the token from the workflow and the repository's secrets, and revoke it on the index. `scaffold` writes such a workflow.",
    find: (audited) => [
      ...audited.workflows.flatMap((it) =>
        credentialsIn(it.data.env).map((what) => ({
          ...{ file: it.path, line: it.lineOf(["env", what]), what },
        })),
      ),
      ...jobs(audited).flatMap((at) => [
        ...credentialsIn(at.job.data.env).map((what) => ({
          ...{ ...inJob(at, "env", what), what },
        })),
        ...tokenSteps(at).flatMap((step) => [
          ...credentialsIn(step.data.env).map((what) => ({
            ...{ ...inStep(at, step, "env", what), what },
          })),
          ...credentialInputs(step).map((what) => ({
            ...{ ...inStep(at, step, "with", what), what },
          })),
          ...credentialsInScript(step).map((what) => ({
            ...{ ...inStep(at, step, "run"), what },
          })),
        ]),
      ]),
    ],
  },
  {
    id: "token-in-file",
    severity: "error",
    why: "an API token of PyPI stands in the file, for everybody who reads the repository",
    fix: "Revoke it on the index at once: it stays in git's history. Then publish without tokens, by a trusted publisher.",
    find: ({ texts }) =>
      Object.entries(texts).flatMap(([file, text]) =>
        text
          .split("\n")
          .flatMap((line, index) =>
            TOKEN.test(line) ? { file, line: index + 1 } : [],
          ),
      ),
  },
  {
    id: "secret-beside-identity",
    severity: "error",
    why: "a job with an identity of its own needs no secret, and one that falls back on a token fails open: a registration that broke goes unnoticed",
    fix: "Use secrets in a job of their own, without `id-token: write`, and publish by the identity alone.",
    find: (audited) =>
      jobs(audited)
        .filter(identified)
        .flatMap((at) =>
          at.job.steps.flatMap((step): Place[] =>
            givenTo(step).flatMap(([key, name, value]) =>
              secretsIn(value).map((secret) => ({
                ...inStep(at, step, key, name),
                what: `secrets.${secret}`,
              })),
            ),
          ),
        ),
  },
  {
    id: "skip-existing",
    severity: "warning",
    why: "files that are on the index already are passed over without a look, whatever is in them: a release of other bytes looks as if it had worked",
    fix: "Remove it. `publish` compares by sha256: the same bytes are done, other bytes stop it.",
    find: (audited) =>
      jobs(audited).flatMap((at) =>
        at.job.steps.filter(uploads).flatMap((step): Place[] => {
          const run = String(step.data.run ?? "")
          const given = givenTo(step).filter(
            ([key, name, value]) =>
              key === "with" &&
              /^skip[-_]existing$/.test(name) &&
              isTrue(value),
          )
          const args = givenTo(step).filter(
            ([key, name, value]) =>
              key === "with" &&
              name === "args" &&
              /--skip-existing\b/.test(value),
          )
          return [
            ...(/--skip-existing\b/.test(run) ? [inStep(at, step, "run")] : []),
            ...[...given, ...args].map(([key, name]) =>
              inStep(at, step, key, name),
            ),
          ]
        }),
      ),
  },
]
