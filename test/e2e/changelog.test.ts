import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { root } from "../root.js"
import { succeed } from "./call.js"

const logs = join(root, "test/fixtures/logs")

const changelog = (repository: Repository, ...flags: string[]) =>
  succeed(
    ["changelog", `--source=${repository.path}`, ...flags].concat("contents"),
  )

/** A repository with the commits of a real project's log. */
async function replay(name: string): Promise<Repository> {
  const log = JSON.parse(readFileSync(join(logs, `${name}.json`), "utf8"))
  const repository = await project("greeter", { tag: null })
  for (const { message, tags = [] } of log) {
    repository.commit(message)
    for (const tag of tags) repository.tag(tag)
  }
  return repository
}

describe("the changelog of a real project's log is as it was read:", () => {
  const projects = { dagger: "dagger/dagger", checkout: "actions/checkout" }
  test.each(Object.entries(projects))("%s", async (name, page) => {
    const repository = await replay(name)
    const text = await changelog(repository, `--repository=${page}`)
    await expect(text).toMatchFileSnapshot(join(logs, `${name}.md`))
    expect(await changelog(repository, `--repository=${page}`)).toBe(text)
  })
})

describe("changelog", () => {
  test("extends what people wrote, and gives it as notes", async () => {
    const written = "# Ours\n\n## Unreleased\n\n### Added\n\n- By hand\n"
    const greeter = await project("greeter")
    greeter.commit("feat: a door", { "CHANGELOG.md": written })
    const revert = greeter.commit("feat: a moat", { moat: "" })
    greeter.git("revert", "--no-edit", revert)
    const text = await changelog(greeter, "--tag=v1.1.0")
    expect(text).toMatch(
      /^# Ours\n\n## Unreleased\n\n## 1\.1\.0 - 2025-06-15\n\n### Added\n\n- By hand\n- A door \(\w{9}\)\n\n## 1\.0\.0/,
    )
    expect(text).not.toMatch(/moat/)
    greeter.commit("docs: v1.1.0", { "CHANGELOG.md": text })
    greeter.tag("v1.1.0")
    expect(await changelog(greeter)).toBe(text)
    expect(await changelog(greeter, "--version=1.1.0")).toMatch(
      /^### Added\n\n- By hand\n- A door \(\w{9}\)\n$/,
    )
  })

  test("links to the remote, without its credentials", async () => {
    const { path, git, commit, tag } = await project("greeter")
    const remote = "https://x-access-token:canary@github.com/me/greeter"
    git("remote", "add", "origin", remote)
    const id = commit("fix: mend (#4)", { a: "1" })
    const text = await changelog({ path, git, commit, tag })
    expect(text).toContain(
      `- Mend ([#4](https://github.com/me/greeter/pull/4)) ([${id.slice(0, 9)}](https://github.com/me/greeter/commit/${id}))`,
    )
    expect(text).not.toContain("canary")
  })

  test("of a package among several has what touched it", async () => {
    const greeter = await project("greeter")
    const files = ["pyproject.toml", "greeter.py", "src/greeter/__init__.py"]
    const pyproject = greeter.git("show", `HEAD:${files[0]}`)
    greeter.commit("feat: inside", { "packages/in/pyproject.toml": pyproject })
    greeter.commit("feat: outside", { b: "1" })
    const text = await changelog(greeter, "--path=packages/in")
    expect(text).toContain("- Inside")
    expect(text).not.toContain("- Outside")
  })
})
