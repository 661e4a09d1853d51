/** The workflow that may publish: what is registered on the index. */
export interface Publisher {
  owner: string
  /** GitHub's number of the owner; any where it is none. */
  ownerId?: string
  repository: string
  /** The file's name in .github/workflows. */
  workflow: string
  /** Any where it is none. */
  environment?: string
}

/** What an ID token says; all are texts, as GitHub's are. */
export type Claims = Record<string, string | undefined>

/** Those that must be there, besides what every JWT has. */
const REQUIRED = [
  ...["repository", "repository_owner", "repository_owner_id"],
  ...["job_workflow_ref", "jti", "event_name", "ref", "sha"],
]

/** Why no publisher fits, in the index's words. */
export class NoPublisherError extends Error {}

function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase()
}

/** The file in `OWNER/REPOSITORY/.github/workflows/FILE@REF`. */
function workflowFile(reference: string): string {
  return reference.replace(/@.*$/, "").replace(/^.*\//, "")
}

function fits(publisher: Publisher, claims: Claims): boolean {
  const { owner, repository, ownerId, workflow, environment } = publisher
  return (
    same(`${owner}/${repository}`, claims.repository) &&
    (ownerId === undefined || ownerId === claims.repository_owner_id) &&
    workflow === workflowFile(`${claims.job_workflow_ref}`) &&
    (environment === undefined || same(environment, claims.environment))
  )
}

/** The one bound to an environment wins over the one for any. */
function closest<P extends Publisher>(found: P[]): P | undefined {
  return found.find((it) => it.environment !== undefined) ?? found[0]
}

/** Refuses a workflow file at another ref, or of another repository. */
function checkWorkflow(publisher: Publisher, claims: Claims): void {
  const { owner, repository, workflow } = publisher
  const file = `${owner}/${repository}/.github/workflows/${workflow}`
  const expected = [claims.ref, claims.sha].map((at) => `${file}@${at}`)
  const found = `${claims.job_workflow_ref}`
  if (expected.some((it) => same(it, found))) return
  const list = expected.map((it) => `'${it}'`).join(", ")
  throw new NoPublisherError(
    `The job_workflow_ref claim does not match, expecting one of [${list}], got '${found}'`,
  )
}

/**
 * The publisher that an ID token's claims are of.
 *
 * @throws NoPublisherError with the index's reason
 */
export function publisherOf<P extends Publisher>(
  registered: P[],
  claims: Claims,
): P {
  for (const name of REQUIRED)
    if (claims[name] === undefined)
      throw new NoPublisherError(`Missing claim '${name}'`)
  const found = closest(registered.filter((it) => fits(it, claims)))
  if (found === undefined)
    throw new NoPublisherError("Publisher with matching claims was not found")
  if (claims.event_name === "pull_request_target")
    throw new NoPublisherError(
      "Publishing from a workflow invoked via 'pull_request_target' is not supported.",
    )
  checkWorkflow(found, claims)
  return found
}

/** A run of a workflow, as far as its jobs' identities tell of it. */
export interface Run {
  ref: string
  sha: string
  event: string
}

const ON_MAIN: Run = {
  ref: "refs/heads/main",
  sha: "0123456789abcdef0123456789abcdef01234567",
  event: "push",
}

/** What a job of OWNER/REPOSITORY claims (GitHub's own names). */
export function jobClaims(
  repository: string,
  workflow: string,
  environment?: string,
  { ref, sha, event }: Run = ON_MAIN,
): Claims {
  const owner = repository.replace(/\/.*$/, "")
  const file = `${repository}/.github/workflows/${workflow}@${ref}`
  return {
    sub: `repo:${repository}:${environment ? `environment:${environment}` : `ref:${ref}`}`,
    repository,
    repository_owner: owner,
    repository_owner_id: "12345",
    repository_id: "67890",
    repository_visibility: "public",
    job_workflow_ref: file,
    workflow_ref: file,
    workflow,
    ref,
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    sha,
    event_name: event,
    actor: "somebody",
    run_id: "1",
    run_attempt: "1",
    runner_environment: "github-hosted",
    environment,
  }
}
