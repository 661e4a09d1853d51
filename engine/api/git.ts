import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import {
  commonAncestor,
  refsOf,
  type TreeOptions,
  treeOfRef,
} from "../git/git.js"
import { type Found, findRef, latestVersion, namesOf } from "../git/refs.js"
import type { GitRef, GitRepository } from "../values/values.js"
import { node, type Resolvers } from "./api.js"

interface Patterns {
  patterns?: string[] | null
}

/** Every field of GitRepository. */
export const gitRepository: Resolvers<GitRepository> = {
  ...node(),
  head: (repository, _: never, { engine }) => named(engine, repository, "HEAD"),
  ref: (repository, { name }: { name: string }, { engine }) =>
    named(engine, repository, name),
  branch: (repository, { name }: { name: string }, { engine }) =>
    named(engine, repository, `refs/heads/${name}`),
  tag: (repository, { name }: { name: string }, { engine }) =>
    named(engine, repository, `refs/tags/${name}`),
  commit: (repository, { id }: { id: string }, { engine }) =>
    named(engine, repository, id),
  latestVersion: async (repository, _: never, { engine }) =>
    refOf(repository, latestVersion(await refsOf(engine, repository))),
  branches: async (repository, { patterns }: Patterns, { engine }) =>
    namesOf(await refsOf(engine, repository), "heads", patterns),
  tags: async (repository, { patterns }: Patterns, { engine }) =>
    namesOf(await refsOf(engine, repository), "tags", patterns),
  url: ({ source }) => (typeof source === "string" ? source : null),
}

/** Every field of GitRef. */
export const gitRef: Resolvers<GitRef> = {
  ...node(),
  ref: ({ name }) => name,
  commit: ({ commit }) => commit,
  tree: (ref, options: TreeOptions, { engine }) => ({
    type: "Directory",
    filesystem: treeOfRef(engine, ref, options),
    path: "/",
  }),
  commonAncestor: async (ref, { other }: { other: string }, api) =>
    refOf(
      ref.repository,
      await commonAncestor(api.engine, ref, api.ids.expect(other, "GitRef")),
    ),
}

/** The repository at a URL: one of this machine is read as a directory. */
export function remoteRepository(url: string): GitRepository {
  if (!/^https?:\/\//.test(url)) {
    throw new EngineError(
      `The embedded engine fetches git repositories from http:// and https:// URLs, not ${url}: pass the repository as a directory and call asGit, or use "dagger call".`,
    )
  }
  return { type: "GitRepository", source: url }
}

async function named(
  engine: Engine,
  repository: GitRepository,
  name: string,
): Promise<GitRef> {
  return refOf(repository, findRef(await refsOf(engine, repository), name))
}

function refOf(repository: GitRepository, found: Found): GitRef {
  return { type: "GitRef", repository, ...found }
}
