import {
  type Publisher,
  type PublishingJob,
  publisherProblems,
  publishingJobs,
  repositoryOf,
} from "./publisher.js"
import type { Source } from "./source.js"

const WORKFLOWS = ".github/workflows"

async function jobsOf({ directory }: Source): Promise<PublishingJob[]> {
  const files = await directory.glob(`${WORKFLOWS}/*.y*ml`)
  const jobs = files.map(async (path) =>
    publishingJobs(
      path.slice(WORKFLOWS.length + 1),
      await directory.file(path).contents(),
    ),
  )
  return (await Promise.all(jobs)).flat()
}

/**
 * What would keep the project's workflow from publishing, in sentences.
 *
 * @param expected - the registered publisher, null where it was not told
 * @throws the same, where the publisher was told and does not match
 */
export async function rehearsePublisher(
  source: Source,
  expected: Publisher | null,
): Promise<string[]> {
  const jobs = await jobsOf(source)
  const config = source.directory.file(".git/config").contents()
  const repository = repositoryOf(await config.catch(() => ""))
  const problems = jobs.flatMap((job) =>
    publisherProblems(job, repository, expected),
  )
  if (expected === null) return [...new Set(problems)]
  if (jobs.length === 0) {
    problems.push(
      `No job in ${WORKFLOWS} publishes with an identity, and ${expected.workflow} is registered for it.`,
    )
  }
  if (problems.length > 0) throw new Error([...new Set(problems)].join("\n"))
  return []
}
