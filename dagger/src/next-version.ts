import type { Directory } from "@dagger.io/dagger"
import { explain } from "@renovatebot/pep440"
import { releasesOf } from "./dist.js"
import { listingOf } from "./look.js"
import { lastFinal, lastRelease, wantedBy } from "./next-version/bump.js"
import { readLog } from "./next-version/commits.js"
import { type NextVersion, nextVersionOf } from "./next-version/report.js"
import { type ReachRequest, reachOf } from "./reach.js"
import { readSource } from "./source.js"
import { releaseTags } from "./tag.js"

/** What `nextVersion` is asked with. */
export interface NextRequest extends ReachRequest {
  path: string
  pre: string
  post: boolean
}

/** Versions that an index has, yanked ones too: their names are used up. */
async function heldBy(request: ReachRequest, project: string) {
  if (request.index === "") return null
  // Port 0: a rehearsal's index is made by publish alone, and holds nothing.
  const reach = await reachOf(request, 0)
  if (reach.target.id === "rehearsal") return null
  const { files } = await listingOf(reach, project)
  return releasesOf(files.map(({ name }) => name))
    .map((it) => it.version)
    .filter((version) => explain(version) !== null)
}

/** Decides the version to release next, from the commits of a source. */
export async function nextRelease(
  directory: Directory,
  request: NextRequest,
): Promise<NextVersion> {
  const wanted = wantedBy(request.pre, request.post)
  // As a branch: at HEAD, too, tags count as releases that are there.
  const source = await readSource(directory, request.path, "refs/heads/HEAD")
  const { project, commit } = source
  const held = heldBy(request, project.name)
  held.catch(() => {}) // said once the commits are read
  const tags = [...commit.tagsAtHead, ...commit.tagsBehind]
  const releases = releaseTags(tags, project.tagging)
  const since = lastFinal(releases)?.tag ?? null
  const newest = lastRelease(releases)?.tag ?? null
  const log = await readLog(source, since, newest)
  return nextVersionOf({ project, tags, wanted, log, held: await held })
}
