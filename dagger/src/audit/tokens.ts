import { actionOf, uploads } from "../uploading.js"
import type { Place, Rule } from "./finding.js"
import { givenTo, identified, inStep, jobs } from "./reading.js"

const SECRET = /\bsecrets\s*(?:\.\s*([\w-]+)|\[\s*'([^']+)'\s*\])/gi
/** What uploaders read a token from. */
const PASSWORDS =
  /^(?:password|(?:twine|hatch_index|poetry_http_basic_\w+|flit|pdm_publish|uv_publish)_(?:password|auth)|poetry_pypi_token_\w+|uv_publish_token|pypi_(?:api_)?token|test_pypi_(?:api_)?token)$/i
const UPLOADER = "pypa/gh-action-pypi-publish"

/** Names of the secrets in a text, GitHub's own token left out. */
function secretsIn(value: string): string[] {
  return [...value.matchAll(SECRET)]
    .map(([, dotted, quoted = ""]) => dotted ?? quoted)
    .filter((name) => name.toUpperCase() !== "GITHUB_TOKEN")
}

/** Rules about secrets in workflows. */
export const TOKEN_RULES: Rule[] = [
  {
    id: "pypi-token",
    severity: "error",
    why: "whoever gets an API token may upload until somebody revokes it, and nothing ties it to this workflow",
    fix: "Register the workflow as a trusted publisher, remove the token from the workflow and the repository's secrets, and revoke it on the index. `scaffold` writes such a workflow.",
    find: (audited) =>
      jobs(audited).flatMap((at) =>
        at.job.steps.flatMap((step): Place[] =>
          givenTo(step)
            .filter(
              ([key, name]) =>
                PASSWORDS.test(name) &&
                (key === "env" || actionOf(step) === UPLOADER),
            )
            .map(([key, name]) => ({
              ...inStep(at, step, key, name),
              what: name,
            })),
        ),
      ),
  },
  {
    id: "token-in-file",
    severity: "error",
    why: "an API token of PyPI stands in the file, for everybody who reads the repository",
    fix: "Revoke it on the index at once: it stays in git's history. Then publish without tokens, by a trusted publisher.",
    find: ({ workflows }) =>
      workflows.flatMap(({ path, text }) =>
        text
          .split("\n")
          .flatMap((line, index) =>
            /\bpypi-AgE[\w-]{16,}/.test(line)
              ? { file: path, line: index + 1 }
              : [],
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
              value === "true",
          )
          return [
            ...(/--skip-existing\b/.test(run) ? [inStep(at, step, "run")] : []),
            ...given.map(([key, name]) => inStep(at, step, key, name)),
          ]
        }),
      ),
  },
]
