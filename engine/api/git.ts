import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import type { Filesystem } from "../filesystem/filesystem.js"
import {
  cleaned,
  commonAncestor,
  refsOf,
  type TreeOptions,
  treeOfRef,
} from "../git/git.js"
import { type Found, findRef, latestVersion, namesOf } from "../git/refs.js"
import type { Directory, GitRef, GitRepository } from "../values/values.js"
import { node, type Resolvers } from "./api.js"

/** A tree as it comes where nothing is said of it. */
const CHECKOUT = { discardGitDir: false, depth: 1, includeTags: false }

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
  async uncommitted(repository, _: never, { engine }) {
    const { source } = repository
    if (typeof source === "string") {
      const head = await named(engine, repository, "HEAD")
      const tree = directoryOf(treeOfRef(engine, head, CHECKOUT))
      return { type: "Changeset", before: tree, after: tree }
    }
    const before = directoryOf(cleaned(engine, repository, source))
    return { type: "Changeset", before, after: source }
  },
  url: ({ source }) => (typeof source === "string" ? source : null),
}

/** Every field of GitRef. */
export const gitRef: Resolvers<GitRef> = {
  ...node(),
  ref: ({ name }) => name,
  commit: ({ commit }) => commit,
  tree: (ref, options: TreeOptions, { engine }) =>
    directoryOf(treeOfRef(engine, ref, options)),
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

function directoryOf(filesystem: Filesystem): Directory {
  return { type: "Directory", filesystem, path: "/" }
}

function refOf(repository: GitRepository, found: Found): GitRef {
  return { type: "GitRef", repository, ...found }
}
