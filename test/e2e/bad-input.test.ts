import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { call, engine } from "./call.js"
import { expectSentence } from "./expect.js"

describe("the pipeline says no, with exit code 1, to", () => {
  const refusals: [string, () => Promise<string>, string[], RegExp][] = [
    [
      "a folder that is no repository",
      async () => {
        const { path } = await project("greeter")
        rmSync(join(path, ".git"), { recursive: true })
        return path
      },
      [],
      /not a git repository/i,
    ],
    [
      "a repository without a commit",
      async () => {
        const repository = await project("greeter")
        rmSync(join(repository.path, ".git"), { recursive: true })
        repository.git("init", "--quiet")
        return repository.path
      },
      [],
      /no commit/i,
    ],
    [
      "a repository without pyproject.toml",
      async () => {
        const repository = await project("greeter")
        rmSync(join(repository.path, "pyproject.toml"))
        repository.commit("Remove it")
        return repository.path
      },
      [],
      /no pyproject\.toml.*--source=\./,
    ],
    [
      "a pyproject.toml that does not parse, with line and column",
      async () => (await project("broken-toml")).path,
      [],
      /pyproject\.toml.*line 6, column \d+/,
    ],
    [
      "a pyproject.toml without [project]",
      async () => (await project("no-project-table")).path,
      [],
      /pyproject\.toml has no \[project\]/,
    ],
    [
      "an interpreter that is not there",
      async () => (await project("greeter")).path,
      ["--python=3.99"],
      // The embedded engine names those that are.
      engine === "embedded" ? /3\.99.*3\.11/s : /python3\.99/,
    ],
    [
      "a --path that leaves the source",
      async () => (await project("greeter")).path,
      ["--path=../elsewhere"],
      /--path=\.\.\/elsewhere leaves/,
    ],
    [
      "a shallow clone",
      async () => {
        const repository = await project("greeter", { commits: 2 })
        const clone = mkdtempSync(join(tmpdir(), "shallow-"))
        const from = `file://${repository.path}`
        repository.git("clone", "--quiet", "--depth=1", from, clone)
        return clone
      },
      [],
      /shallow.*fetch/,
    ],
  ]
  test.each(refusals)("%s", async (_, source, flags, says) => {
    const args = ["build", `--source=${await source()}`, ...flags]
    const outcome = await call([...args, "export", "--path=unwanted-dist"])
    expectSentence(outcome, says)
    expect(outcome.exitCode).toBe(1)
    expect(existsSync(join(root, "unwanted-dist"))).toBe(false)
  })
})

test("nothing is left behind by calls that failed", async () => {
  const repository = await project("broken-toml", { commits: 1 })
  const cwd = mkdtempSync(join(tmpdir(), "cwd-"))
  await call(
    ["build", `--source=${repository.path}`, "export", "--path=dist"],
    {
      cwd,
    },
  )
  expect(readdirSync(cwd)).toEqual([])
  expect(repository.git("status", "--short", "--ignored")).toBe("")
})
