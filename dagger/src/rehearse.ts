import { randomUUID } from "node:crypto"
import { dag, type Service } from "@dagger.io/dagger"
import type { Publisher } from "./claims.js"
import { base, withLocked, withTools } from "./container.js"
import type { Identity } from "./identity.js"
import {
  type PublishingJob,
  publishingJobs,
  repositoryOf,
} from "./publisher.js"
import type { Source } from "./source.js"
import { ask } from "./tool.js"
import { type Tryout, tryoutNotices, tryoutOf } from "./tryout.js"
import { READER, type Reach, withIndex } from "./upload.js"

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

/** The project's publishing jobs, as a rehearsal's index is told of them. */
export async function tryoutsOf(
  source: Source,
  publishers: Publisher[],
): Promise<Tryout[]> {
  const { build, commit } = source
  const jobs = await jobsOf(source)
  const config = source.directory.file(".git/config").contents()
  const repository = repositoryOf(await config.catch(() => ""))
  const ref =
    "tag" in build ? `refs/tags/${build.tag}` : `refs/heads/${build.branch}`
  const run = { ref, sha: commit.commit }
  return jobs.map((job) => tryoutOf(job, { repository, run, publishers }))
}

/** A rehearsal's index: how it is reached, and whom it knows. */
export interface Rehearsal {
  reach: Reach & { service: Service }
  tryouts: Tryout[]
}

/** A real index, empty, for the length of this call. */
export function startRehearsal(
  { target, ...reach }: Reach,
  tryouts: Tryout[],
): Rehearsal {
  // Engines cache secrets by name. It is the index's own, new for each call.
  const token = dag.setSecret(`rehearsal-${randomUUID()}`, randomUUID())
  const { port } = new URL(target.upload)
  const jobs = tryouts.map(({ claims, refusal }) => ({ claims, refusal }))
  const service = base()
    .with(withLocked("index"))
    .with(
      withTools(
        ...["serve.py", "identities.py", "admission.py", "verify.py"],
        ...["archives.py", "layout.py", "checks/*.py"],
      ),
    )
    .withNewFile("/jobs.json", JSON.stringify(jobs))
    .withSecretVariable("INDEX_PASSWORD", token)
    .withExposedPort(Number(port))
    .asService({
      args: ["/opt/index/bin/python", "/tools/serve.py", port, "/jobs.json"],
    })
  return { reach: { ...reach, target, token, service }, tryouts }
}

/** Where a job asks for its identity, as GitHub tells a job. */
function identityOf({ reach }: Rehearsal, job: number): Identity {
  const url = `${reach.target.upload}actions/${job}/id-token`
  return {
    requestUrl: dag.setSecret(`rehearsal-${randomUUID()}`, url),
    requestToken: reach.token,
  }
}

/**
 * Has every publishing job show who it is to the rehearsal's index.
 *
 * @returns what would keep a job from publishing, in sentences, and the
 *   identity of the first that may
 * @throws the sentences, where a registered publisher is no job's
 */
export async function showIdentities(
  rehearsal: Rehearsal,
  project: string,
  publishers: Publisher[],
): Promise<{ notices: string[]; identity: Identity }> {
  const { reach, tryouts } = rehearsal
  const { token } = reach
  if (tryouts.length === 0 || token === undefined) {
    return { notices: tryoutNotices([], [], publishers), identity: {} }
  }
  const container = base()
    .with(withTools("rehearse.py", "exchange.py", "claims.py", ...READER))
    .with(withIndex(reach))
    .withSecretVariable("OIDC_REQUEST_TOKEN", token)
  const { refusals } = await ask<{ refusals: string[] }>(
    container,
    "The rehearsal of trusted publishing",
    [
      ...["python", "/tools/rehearse.py", "--name", project],
      ...["--url", reach.target.upload],
      ...tryouts.flatMap(({ upload }) => ["--upload", upload]),
    ],
  )
  const notices = tryoutNotices(tryouts, refusals, publishers)
  const first = refusals.indexOf("")
  return { notices, identity: first < 0 ? {} : identityOf(rehearsal, first) }
}
