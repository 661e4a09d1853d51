import { execFileSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import type { GitHub } from "../servers/github/server.js"
import { sha256 } from "../servers/github/state.js"

/** A release that is built and tagged, and not on GitHub yet. */
export interface Built {
  repository: Repository
  /** Its folder of files. */
  dist: string
  commit: string
  /** sha256 by name. */
  files: Map<string, string>
}

/** The files of a folder, as they shall be on GitHub. */
export function sumsOf(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, sha256(readFileSync(join(folder, name)))]),
  )
}

/**
 * The greeter at a tag.
 *
 * @param build - gives the folder that it builds a source into
 */
export async function built(
  tag: string,
  build: (source: string) => Promise<string>,
): Promise<Built> {
  const repository = await project("greeter", { tag: null })
  repository.commit("feat: greet in Latin (#3)", { b: "1" })
  repository.tag(tag)
  const folder = await build(repository.path)
  const dist = mkdtempSync(join(tmpdir(), "dist-"))
  cpSync(folder, dist, { recursive: true })
  const commit = repository.git("rev-parse", "HEAD")
  return { repository, dist, commit, files: sumsOf(dist) }
}

/** Pushes a tag to the double: the tag's own object, and its commit. */
export function push({ state }: GitHub, { path }: Repository, tag: string) {
  const rev = (name: string) =>
    execFileSync("git", ["rev-parse", name], { cwd: path, encoding: "utf8" })
  const commit = rev(`${tag}^{commit}`).trim()
  const object = rev(tag).trim()
  state.commits.add(commit)
  state.tagObjects.set(object, commit)
  state.refs.set(tag, { type: "tag", sha: object })
}

/** The words of a call of `release` to the double. */
export function releaseArgs(
  { port }: GitHub,
  { repository, dist }: Pick<Built, "repository" | "dist">,
  ...flags: string[]
): string[] {
  return [
    ...["release", `--source=${repository.path}`, `--dist=${dist}`],
    ...["--repository=me/demo", "--token=env:GITHUB_TOKEN"],
    `--api=http://github:${port}`,
    `--api-service=tcp://127.0.0.1:${port}`,
    ...flags,
  ]
}

/** What is attached to the one published release, by name. */
export function attached({ state }: GitHub): Map<string, string> {
  const published = state.releases.filter((it) => !it.draft)
  const assets = published.flatMap((it) => it.assets)
  return new Map(
    assets
      .map(({ name, bytes }): [string, string] => [name, sha256(bytes)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
