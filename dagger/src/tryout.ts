import {
  type Claims,
  jobClaims,
  type NoPublisherError,
  type Publisher,
  publisherOf,
  type Run,
} from "./claims.js"
import type { PublishingJob } from "./publisher.js"

/** A publishing job, as a rehearsal's index is told of it. */
export interface Tryout {
  /** The job and its file, to begin a sentence with. */
  where: string
  /** Where it uploads to when it is none of a rehearsal. */
  upload: string
  /** What its identity claims; null where it may not ask for one. */
  claims: Claims | null
  /** The index's reason, where no publisher is the job's; empty else. */
  refusal: string
  /** The publisher that is, among those registered; null where none is. */
  publisher: Publisher | null
  /** What no index says at that time, in sentences. */
  problems: string[]
}

/** What the jobs are tried with. */
export interface TryoutRequest {
  /** OWNER/REPO of the project; null where it is not known. */
  repository: string | null
  run: Omit<Run, "event">
  /** What is registered; none where that was not told. */
  publishers: Publisher[]
}

/** A job's own publisher: where none was told, only the job can be wrong. */
function ownPublisher(
  repository: string,
  { workflow, environment }: PublishingJob,
): Publisher {
  const [owner, name] = repository.split("/") as [string, string]
  return {
    ...{ owner, repository: name, workflow },
    environment: environment ?? undefined,
  }
}

function matched(
  registered: Publisher[],
  claims: Claims,
): Pick<Tryout, "publisher" | "refusal"> {
  try {
    // Every token has an id of its own.
    const publisher = publisherOf(registered, { ...claims, jti: "its own" })
    return { publisher, refusal: "" }
  } catch (error) {
    return { publisher: null, refusal: (error as NoPublisherError).message }
  }
}

/** Tries a job on what is registered. */
export function tryoutOf(job: PublishingJob, request: TryoutRequest): Tryout {
  const { publishers, run } = request
  const [first] = publishers
  const assumed = first ? `${first.owner}/${first.repository}` : "OWNER/REPO"
  const repository = request.repository ?? assumed
  const refused = "pull_request_target"
  const event = job.events.includes(refused) ? refused : (job.events[0] ?? "")
  const { workflow, environment } = job
  const claims = jobClaims(repository, workflow, environment ?? undefined, {
    ...{ ...run, event },
  })
  const own = ownPublisher(repository, job)
  const registered = publishers.length > 0 ? publishers : [own]
  const where = `The job ${job.job} in .github/workflows/${workflow}`
  const rows: [wrong: boolean, sentence: string][] = [
    [
      environment === null && publishers.length === 0,
      `${where} names no environment: name one (\`environment: pypi\`), with protection rules, and register the publisher with it.`,
    ],
    [
      job.events.includes("workflow_call"),
      `${where} can be called by another workflow, and then no publisher matches: publish from the workflow that starts.`,
    ],
  ]
  return {
    ...{ where, upload: job.upload, claims: job.identity ? claims : null },
    ...matched(registered, claims),
    problems: rows.flatMap(([wrong, sentence]) => (wrong ? [sentence] : [])),
  }
}

/**
 * What a rehearsal found out: sentences that fail it, or else notices.
 *
 * @param refusals - what the index said to each job, empty where nothing
 * @throws the sentences, where a registered publisher is no job's
 */
export function tryoutNotices(
  tryouts: Tryout[],
  refusals: string[],
  publishers: Publisher[],
): string[] {
  const found = tryouts.flatMap(({ where, problems }, at) => [
    ...problems,
    ...(refusals[at] ? [`${where} would get no token. ${refusals[at]}`] : []),
  ])
  const used = tryouts.filter((_, at) => refusals[at] === "")
  const idle = publishers.filter((one) =>
    used.every(({ publisher }) => publisher !== one),
  )
  const nobody = idle.map(
    ({ owner, repository, workflow, environment }) =>
      `No job of this project publishes as ${owner}/${repository}, workflow ${workflow}, ${environment ? `environment ${environment}` : "no environment"}, which is registered.`,
  )
  const called = tryouts.some(({ problems }) => problems.length > 0)
  if (idle.length > 0 || (called && publishers.length > 0)) {
    throw new Error([...new Set([...found, ...nobody])].join("\n"))
  }
  return [...new Set(found)]
}
