import { execFile } from "node:child_process"
import { copyFileSync, existsSync, lutimesSync, rmSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { type Engine, once } from "../engine.js"
import { EngineError } from "../errors.js"
import { networkSettings } from "../exec/prepare.js"
import { copyTree } from "../filesystem/copy.js"
import { derived } from "../filesystem/derived.js"
import type { Filesystem } from "../filesystem/filesystem.js"
import { inFolder } from "../filesystem/look.js"
import { walk } from "../filesystem/walk.js"
import { workFolder } from "../store/store.js"
import { digestOf } from "../values/digest.js"
import {
  type Directory,
  type GitRef,
  type GitRepository,
  valueDigest,
} from "../values/values.js"
import { type Found, type Refs, readRefs } from "./refs.js"

const run = promisify(execFile)

export interface TreeOptions {
  discardGitDir: boolean
  /** How many commits the tree's own repository has; 0 for all. */
  depth: number
  includeTags: boolean
}

/**
 * This machine's git, with nobody's settings. Of a repository that a call is
 * passed nothing is run: it is read by `upload-pack`, which is made for
 * repositories of strangers.
 */
async function git(
  { environment }: Engine,
  folder: string,
  ...args: string[]
): Promise<string> {
  const { stdout } = await run("git", args, {
    cwd: folder,
    maxBuffer: 2 ** 28,
    env: {
      PATH: environment.PATH,
      ...networkSettings(environment),
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      GIT_ALLOW_PROTOCOL: "file:http:https",
      GIT_TERMINAL_PROMPT: "0",
    },
  }).catch((error: Error & { stderr?: string }) => {
    const [said = ""] = (error.stderr || error.message).trim().split("\n")
    throw new EngineError(`git ${args[0]} failed: ${said.replace(/\.$/, "")}.`)
  })
  return stdout
}

/** Calls `use` with what git can fetch from, and a folder to run in. */
async function withSource<T>(
  engine: Engine,
  { source }: GitRepository,
  use: (from: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await workFolder(engine.store)
  return typeof source === "string"
    ? use(source, folder)
    : inFolder(engine, source, (from) => {
        if (!existsSync(path.join(from, ".git"))) {
          throw new EngineError(
            "The directory is not a git repository: it has no .git.",
          )
        }
        return use(from, folder)
      })
}

/** A repository's refs, as they were when the session first asked. */
export function refsOf(
  engine: Engine,
  repository: GitRepository,
): Promise<Refs> {
  const key = digestOf("git refs", valueDigest(repository))
  return once(engine, key, () =>
    withSource(engine, repository, async (from, folder) =>
      readRefs(await git(engine, folder, "ls-remote", "--symref", from)),
    ),
  )
}

/** The files of a ref, and a repository that has it, unless it is discarded. */
export function treeOfRef(
  engine: Engine,
  { repository, name, commit }: GitRef,
  options: TreeOptions,
): Filesystem {
  const made = [valueDigest(repository), name, commit, { ...options }] as const
  return derived(engine, digestOf("git tree", ...made), (target) =>
    withSource(engine, repository, async (from) => {
      const here = (...args: string[]) => git(engine, target, ...args)
      await here("init", "--quiet", "--initial-branch=main")
      const depth = options.depth > 0 ? [`--depth=${options.depth}`] : []
      const tags = options.includeTags ? ["--tags"] : []
      const kept = "refs/dagger.tmp/fetched"
      const fetched = [...depth, ...tags, from, `${commit}:${kept}`]
      await here("fetch", "--quiet", "--update-head-ok", ...fetched)
      if (name !== commit) {
        await here("update-ref", name, commit)
      }
      const branch = name.replace(/^refs\/heads\//, "")
      await here("checkout", "--quiet", "--force", branch, "--")
      if (typeof repository.source === "string") {
        await here("remote", "add", "origin", from)
      }
      await here("update-ref", "-d", kept)
      await here("reflog", "expire", "--all", "--expire=now")
      rmSync(path.join(target, ".git/FETCH_HEAD"), { force: true })
      if (options.discardGitDir) {
        rmSync(path.join(target, ".git"), { recursive: true })
      }
      await haveOneTime(target)
    }),
  )
}

/**
 * A directory as its last commit has it, with its repository and with what git
 * ignores. The files are put back by a repository of our own: what a
 * stranger's configuration has git run, is not run.
 */
export function cleaned(
  engine: Engine,
  repository: GitRepository,
  source: Directory,
): Filesystem {
  const digest = digestOf("git cleaned", valueDigest(repository))
  return derived(engine, digest, (target) =>
    withSource(engine, repository, async (from, folder) => {
      const here = (...args: string[]) =>
        git(engine, folder, `--work-tree=${target}`, "--git-dir=.", ...args)
      await git(engine, folder, "init", "--quiet", "--bare")
      await git(engine, folder, "fetch", "--quiet", "--depth=1", from, "HEAD")
      await inFolder(engine, source, (dirty) => copyTree(dirty, target))
      const ignored = path.join(target, ".git/info/exclude")
      if (existsSync(ignored)) {
        copyFileSync(ignored, path.join(folder, "info/exclude"))
      }
      await here("reset", "--quiet", "--hard", "FETCH_HEAD")
      await here("clean", "--quiet", "--force", "-d")
    }),
  )
}

/** A checkout's times say when it was made: they would change its digest. */
async function haveOneTime(folder: string): Promise<void> {
  const entries = await walk(folder)
  for (const { path: name } of entries.reverse()) {
    lutimesSync(path.join(folder, name), 1, 1)
  }
  lutimesSync(folder, 1, 1)
}

/** The best common ancestor of two refs. */
export async function commonAncestor(
  engine: Engine,
  one: GitRef,
  other: GitRef,
): Promise<Found> {
  const folder = await workFolder(engine.store)
  await git(engine, folder, "init", "--quiet", "--bare")
  for (const { repository, commit } of [one, other]) {
    await withSource(engine, repository, (from) =>
      git(engine, folder, "fetch", "--quiet", from, commit),
    )
  }
  const pair = [one.commit, other.commit]
  const base = (await git(engine, folder, "merge-base", ...pair)).trim()
  return { name: base, commit: base }
}
