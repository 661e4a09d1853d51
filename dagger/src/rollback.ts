import type { Directory, Secret } from "@dagger.io/dagger"
import { eq, explain } from "@renovatebot/pep440"
import { confirmRelease } from "./confirm.js"
import { DEFAULT_PYTHON } from "./container.js"
import { distFiles, releasesOf } from "./dist.js"
import { converge } from "./github/converge.js"
import { act, type HubRequest, hubOf, look } from "./github/reach.js"
import { serverOf } from "./github/server.js"
import type { Listing } from "./holdings.js"
import { listingOf } from "./look.js"
import { tagFor } from "./next-version/facts.js"
import { type ReachRequest, reachOf } from "./reach.js"
import { meansRefusal, namedHere, planRefusal } from "./rollback/apply.js"
import {
  decideRollback,
  type Rollback,
  type RollbackFacts,
  rollbackSteps,
} from "./rollback/decide.js"
import type { IndexFile } from "./rollback/half.js"
import { forwardOf } from "./rollback/way.js"
import { readSource } from "./source.js"
import { releaseTags } from "./tag.js"
import type { Reach } from "./upload.js"

/** What `rollback` is asked with. */
export interface RollbackRequest {
  path: string
  version: string
  apply: boolean
  index: ReachRequest
  /** Empty repository where GitHub has nothing to do with it. */
  hub: Omit<HubRequest, "token"> & { token?: Secret }
  /** The release's folder, where it is there to compare with. */
  dist?: Directory
}

/** Where a release is yanked by hand. */
const MANAGE: Record<string, string> = {
  pypi: "https://pypi.org/manage/project/",
  testpypi: "https://test.pypi.org/manage/project/",
}

function readFiles({ files }: Listing): IndexFile[] {
  return files.flatMap((file) =>
    releasesOf([file.name])
      .filter((it) => explain(it.version) !== null)
      .map(({ version }) => ({ ...file, version })),
  )
}

/** How long an index is waited for whose last good release is tried. */
const INDEX_SECONDS = 60

/** Why the last good release cannot be installed; null where it can. */
async function problemOf(
  { target, ...reach }: Reach,
  simple: string,
  project: string,
  version: string,
): Promise<string | null> {
  try {
    await confirmRelease({
      ...{ reach: { ...reach, target: { ...target, simple } } },
      ...{ project, version, files: [], python: DEFAULT_PYTHON },
      ...{ deadline: INDEX_SECONDS, hashOnly: false },
    })
    return null
  } catch (error) {
    return namedHere((error as Error).message)
  }
}

/** What a rollback is decided on. */
async function readFacts(
  source: Directory,
  reach: Reach,
  { path, version, dist, hub }: RollbackRequest,
): Promise<{ facts: RollbackFacts; simple: string }> {
  if (explain(version) === null) {
    throw new Error(
      `--version=${version} is no version by PEP 440. Pass the one to roll back, such as 1.2.3.`,
    )
  }
  const read = await readSource(source, path, "refs/heads/HEAD")
  const { project, commit } = read
  const listing = await listed(reach, project.name)
  const tags = releaseTags(
    [...commit.tagsAtHead, ...commit.tagsBehind],
    project.tagging,
  )
  const like = tags[0]?.tag
  const spell = (it: string) => tagFor(it, project, like)
  const { id, upload } = reach.target
  const manage = MANAGE[id]
  const names = dist === undefined ? null : await dist.entries()
  const files = readFiles(listing)
  const bad = tags.find((it) => eq(it.version, version))?.tag
  const facts = {
    ...{ project: project.name, version, tagging: project.tagging },
    tag: bad ?? spell(version),
    manage:
      manage === undefined
        ? null
        : `${manage}${project.name}/release/${version}/`,
    index: id === "url" ? upload : id,
    ...{ files, now: Date.now() },
    expected: names === null ? null : distFiles(names).map((it) => it.name),
    forward: await forwardOf(read, {
      ...{ version, tag: bad ?? null, spell },
      repository: hub.repository && `${serverOf(hub.api)}/${hub.repository}`,
      taken: files.map((it) => it.version),
    }),
    github: null,
  }
  return { facts, simple: listing.simple }
}

function refuse(refusal: string | null): void {
  if (refusal !== null) throw new Error(refusal)
}

/** Asks the index; its `--token` has another name here. */
async function listed(reach: Reach, project: string): Promise<Listing> {
  try {
    return await listingOf(reach, project)
  } catch (error) {
    throw new Error(namedHere((error as Error).message))
  }
}

/** Plans a rollback and, where asked to, does what has an API. */
export async function rollBack(
  source: Directory,
  request: RollbackRequest,
): Promise<Rollback> {
  const { apply, hub: asked } = request
  const { repository, token } = asked
  if (apply) {
    refuse(meansRefusal({ repository, token: token !== undefined }))
  }
  const hub =
    repository === "" || token === undefined ? null : hubOf({ ...asked, token })
  const reach = await reachOf(request.index, 0)
  const { facts, simple } = await readFacts(source, reach, request)
  const { project, tag } = facts
  const github = hub === null ? null : await look(hub, tag)
  const plan = decideRollback({ ...facts, github })
  const { good, state } = plan
  const problem =
    good === null || state === "half"
      ? null
      : await problemOf(reach, simple, project, good)
  const known = { ...plan, problem }
  if (!apply || hub === null) return known
  refuse(planRefusal(known))
  await converge({
    look: () => look(hub, tag),
    decide: (found) =>
      rollbackSteps({ ...facts, github: found }, good).map((it) => it.step),
    act: (steps) => act(hub, steps),
    sleep: (time) => new Promise((resolve) => setTimeout(resolve, time)),
    now: Date.now,
    deadline: hub.deadline,
  })
  const steps = plan.steps.map((it) => ({ ...it, done: true }))
  return { ...known, applied: true, steps }
}
