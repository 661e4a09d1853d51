/** The workflow that may publish: what is registered on the index. */
export interface Publisher {
  owner: string
  ownerId: string
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
  const [path = ""] = reference.split("@")
  return path.split("/").pop() ?? ""
}

function fits(publisher: Publisher, claims: Claims): boolean {
  const { owner, repository, ownerId, workflow, environment } = publisher
  return (
    same(`${owner}/${repository}`, claims.repository) &&
    ownerId === claims.repository_owner_id &&
    workflow === workflowFile(claims.job_workflow_ref ?? "") &&
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
  const found = claims.job_workflow_ref ?? ""
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
