import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { project } from "../../fixtures/project.js"
import type { Repository } from "../../fixtures/repository.js"
import { HTTP_BACKEND, startGit } from "../../servers/git.js"
import type { Listening } from "../../servers/listen.js"
import { temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()

test("what is not committed is found, and nothing of the repository is run", async () => {
  const made = await project("greeter", { tag: "v1.0.0" })
  const canary = join(made.path, "../canary")
  made.git("config", "core.fsmonitor", `touch ${canary}; false`)
  made.git("config", "filter.run.smudge", `touch ${canary}; cat`)
  made.git("config", "core.hooksPath", made.path)
  writeFileSync(join(made.path, ".gitattributes"), "* filter=run\n")
  const hook = `#!/bin/sh\ntouch ${canary}\n`
  writeFileSync(join(made.path, "post-checkout"), hook, { mode: 0o755 })
  // The caller's own git would run it.
  made.git("status")
  expect(existsSync(canary)).toBe(true)
  rmSync(canary)
  await withEngine({ store }, async () => {
    const source = dag.host().directory(made.path)
    const changes = source.asGit().uncommitted()
    expect(await changes.addedPaths()).toEqual([
      ".gitattributes",
      "post-checkout",
    ])
    expect(await changes.isEmpty()).toBe(false)
  })
  expect(existsSync(canary)).toBe(false)
})

describe.runIf(existsSync(HTTP_BACKEND))("a git repository at a URL", () => {
  const folder = mkdtempSync(join(tmpdir(), "git-server-"))
  let server: Listening
  let url = ""
  let made: Repository
  beforeAll(async () => {
    made = await project("greeter", {
      tag: "v1.0.0",
      commits: 2,
      parent: folder,
    })
    made.git("tag", "v1.1.0rc1")
    made.git("branch", "topic", "v1.0.0")
    server = await startGit(folder)
    url = `${server.url}/greeter/.git`
  })
  afterAll(() => server.stop())

  test("has its refs, tags and branches", async () => {
    await withEngine({ store }, async () => {
      const git = dag.git(url)
      expect(await git.url()).toBe(url)
      expect(await git.head().commit()).toBe(made.git("rev-parse", "HEAD"))
      expect(await git.head().ref()).toBe("refs/heads/main")
      expect(await git.branches()).toEqual(["main", "topic"])
      expect(await git.tags()).toContain("v1.1.0rc1")
      const tagged = made.git("rev-parse", "v1.0.0^{commit}")
      expect(await git.tag("v1.0.0").commit()).toBe(tagged)
      const common = git.branch("topic").commonAncestor(git.head())
      expect(await common.commit()).toBe(tagged)
      expect(await git.uncommitted().isEmpty()).toBe(true)
    })
  })

  test("gives the files of each ref, and as much history as is asked for", async () => {
    await withEngine({ store }, async () => {
      const git = dag.git(url)
      const files = await git.tag("v1.0.0").tree().entries()
      expect(files).toContain("pyproject.toml")
      const depths = [1, 2, 0].map(async (depth) => {
        const tree = git.head().tree({ depth })
        return (await tree.glob(".git/shallow")).length
      })
      expect(await Promise.all(depths)).toEqual([1, 1, 0])
      const bare = git.branch("main").tree({ discardGitDir: true })
      expect(await bare.glob(".git/**")).toEqual([])
    })
  })

  test("is looked at anew by each session, its commits once", async () => {
    const file = () => dag.git(url).head().tree().file("new.txt").contents()
    await withEngine({ store }, async () => {
      await expect(file()).rejects.toThrow(/new\.txt/)
    })
    made.commit("add a file", { "new.txt": "new\n" })
    await withEngine({ store }, async () => {
      expect(await file()).toBe("new\n")
    })
  })

  test("that is not there, or asks who it is, is an error at once", async () => {
    await withEngine({ store }, async () => {
      const head = (name: string) => dag.git(`${server.url}/${name}`).head()
      await expect(head("nowhere").commit()).rejects.toThrow(
        /git ls-remote failed: .*not found/,
      )
      await expect(head("private").commit()).rejects.toThrow(
        /git ls-remote failed: .*terminal prompts disabled/,
      )
      const gone = dag.git(url).tag("v9")
      await expect(gone.commit()).rejects.toThrow(
        'The repository does not contain ref "refs/tags/v9".',
      )
    })
  })
})
