import type { Contexts } from "./expression.js"

/** What happened on GitHub. */
export interface Event {
  name: "push" | "pull_request" | "release"
  ref: string
}

export const EVENTS = {
  main: { name: "push", ref: "refs/heads/main" },
  tag: { name: "push", ref: "refs/tags/v1.1.0" },
  /** From a fork: GitHub then gives no secret and no OIDC token. */
  fork: { name: "pull_request", ref: "refs/pull/7/merge" },
  release: { name: "release", ref: "refs/tags/v1.1.0" },
} satisfies Record<string, Event>

/** The `github` context of an event, as far as workflows look at it. */
export function githubContext(event: Event, sha: string): Contexts {
  const [, kind = "", ...name] = event.ref.split("/")
  return {
    ...{ event_name: event.name, ref: event.ref, sha, workflow: "Deploy" },
    ...{ ref_type: kind === "tags" ? "tag" : "branch" },
    ...{ ref_name: name.join("/"), repository: "octo/greeter" },
    ...{ run_id: "4711", run_attempt: "1", actor: "ada" },
    ...{ server_url: "https://github.com", token: "github-token" },
    ...{
      workflow_ref: `octo/greeter/.github/workflows/deploy.yml@${event.ref}`,
    },
    job: "",
  }
}

/** The variables that GitHub sets in every step. */
export function githubVariables(github: Contexts): Record<string, string> {
  const names = [
    ...["event_name", "ref", "ref_name", "ref_type", "sha", "repository"],
    ...["run_id", "run_attempt", "actor", "server_url", "workflow"],
  ]
  return Object.fromEntries([
    ...[["GITHUB_ACTIONS", "true"]],
    ...names.map((it) => [`GITHUB_${it.toUpperCase()}`, String(github[it])]),
  ])
}
