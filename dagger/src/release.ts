import type { Directory, File } from "@dagger.io/dagger"
import { writeChangelog } from "./changelog.js"
import { base, withTools } from "./container.js"
import { converge } from "./github/converge.js"
import { act, type HubRequest, hubOf, look } from "./github/reach.js"
import { serverOf } from "./github/server.js"
import { MANIFEST } from "./manifest.js"
import {
  decideRelease,
  type ReleaseFile,
  type Wanted,
} from "./release/decide.js"
import { evidenceOf } from "./release/evidence.js"
import { type ReleaseReport, releaseReport } from "./release/report.js"
import { releaseTag } from "./release/tag.js"
import { readSource } from "./source.js"
import { ask } from "./tool.js"

/** What `release` is asked with. */
export interface ReleaseRequest extends HubRequest {
  path: string
  /** Empty for `v` and the version of the files. */
  tag: string
  receipt?: File
}

/** Name and sha256 of every file of a folder. */
function sumsOf(dist: Directory): Promise<ReleaseFile[]> {
  return ask<ReleaseFile[]>(
    base().with(withTools("sums.py")).withMountedDirectory("/dist", dist),
    "Reading the files",
    ["python", "/tools/sums.py", "/dist"],
  )
}

/** What the GitHub release of these files shall be. */
async function wantedOf(
  source: Directory,
  dist: Directory,
  request: ReleaseRequest,
): Promise<Wanted> {
  const { path, receipt, repository, api } = request
  const files = await sumsOf(dist)
  const listed = files.some(({ name }) => name === MANIFEST)
  const evidence = evidenceOf(files, {
    manifest: listed ? await dist.file(MANIFEST).contents() : null,
    receipt: receipt === undefined ? null : await receipt.contents(),
  })
  const { project, version, install } = evidence
  const read = await readSource(source, path, "refs/heads/HEAD")
  const tag = releaseTag(request.tag, version, read.project)
  const { tagging } = read.project
  const page = `${serverOf(api)}/${repository}`
  const commit = read.commit
  const known = [...commit.tagsAtHead, ...commit.tagsBehind].includes(tag)
  const notes = await writeChangelog(source, {
    ...{ path, version, repository: page, file: "CHANGELOG.md" },
    tag: known ? "" : tag,
  })
  return {
    ...{ ...evidence, tag, tagging, files },
    body: {
      ...{ notes, files, more: `${page}/commits/${tag}` },
      install: install ?? `pip install ${project}==${version}`,
    },
  }
}

/** Makes or completes the GitHub release of a folder of files. */
export async function makeRelease(
  source: Directory,
  dist: Directory,
  request: ReleaseRequest,
): Promise<ReleaseReport> {
  const hub = hubOf(request)
  const wanted = await wantedOf(source, dist, request)
  const { before, after } = await converge({
    look: () => look(hub, wanted.tag),
    decide(facts) {
      const { refusals, steps } = decideRelease(wanted, facts)
      if (refusals.length > 0) throw new Error(refusals.join("\n"))
      return steps
    },
    act: (steps) => act(hub, steps, dist),
    sleep: (time) => new Promise((resolve) => setTimeout(resolve, time)),
    now: Date.now,
    deadline: hub.deadline,
  })
  return releaseReport(wanted, before, after)
}
