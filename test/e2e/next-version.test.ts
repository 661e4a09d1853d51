import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, describe, expect, test, vi } from "vitest"

import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import { call, succeed } from "./call.js"
import { build } from "./dist.js"
import { expectDone, expectSentence } from "./expect.js"
import { MANY_CALLS } from "./patience.js"
import { publishTo } from "./publish.js"

vi.setConfig({ testTimeout: MANY_CALLS })

const next = (repository: Repository, ...flags: string[]) =>
  succeed(["next-version", `--source=${repository.path}`, ...flags])
const first = (printed: string) => printed.split("\n")[0]

describe("next-version", () => {
  let greeter: Repository
  beforeAll(async () => {
    greeter = await project("greeter")
    greeter.commit("fix: mend", { a: "1" })
    greeter.commit("feat: greet in Latin (#3)", { b: "1" })
    greeter.commit("Tidy", { c: "1" })
  })

  test("gives the tag on its first line, and why", async () => {
    const printed = await next(greeter)
    expect(first(printed)).toBe("v1.1.0")
    expect(printed).toMatch(/minor +feat: greet in Latin/)
    expect(printed).toMatch(/counted as fixes: \w{9} \(Tidy\)/)
  })

  test("leads through candidates to the release", async () => {
    const steps = [
      ["--pre=rc", "v1.1.0rc1"],
      ["--pre=rc", "v1.1.0rc2"],
      ["", "v1.1.0"],
      ["--post", "v1.1.0.post1"],
    ]
    for (const [flag = "", tag = ""] of steps) {
      const flags = [flag].filter(Boolean)
      expect(first(await next(greeter, ...flags))).toBe(tag)
      greeter.tag(tag)
      greeter.commit(`docs: after ${tag}`, { d: tag })
    }
    // The tag alone is what version and publish know it by.
    greeter.tag("v1.1.1")
    const flags = ["--format=json", "--pre=alpha"]
    greeter.commit("feat!: a new word", { e: "1" })
    expect(JSON.parse(await next(greeter, ...flags))).toMatchObject({
      ...{ schema: "pypi-deploy/next-version/1", tag: "v2.0.0a1" },
      ...{ after: "v1.1.1", level: "major" },
    })
  })

  test("says that there is nothing to release", async () => {
    const { path } = await project("greeter")
    const outcome = await call(["next-version", `--source=${path}`])
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /no commit came after v1\.0\.0/)
  })
})

test("a partial clone that lacks what git needs is refused", async () => {
  const greeter = await project("greeter")
  const pyproject = greeter.git("show", "HEAD:pyproject.toml")
  greeter.commit("feat: inside", { "in/pyproject.toml": pyproject })
  greeter.git("config", "uploadpack.allowFilter", "true")
  const path = join(mkdtempSync(join(tmpdir(), "partial-")), "clone")
  const from = `file://${greeter.path}`
  greeter.git("clone", "--quiet", "--filter=tree:0", from, path)
  const remote = ["remote", "set-url", "origin", "file:///away"]
  greeter.git("-C", path, ...remote)
  const asked = [`--source=${path}`, "--path=in"]
  for (const name of ["next-version", "changelog"]) {
    const outcome = await call([name, ...asked])
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /partial clone.*git fetch --refetch --no-filter/)
  }
  // What commits and tags alone decide, it has.
  expect((await succeed(["version", ...asked])).trim()).toBe("1.0.1.dev1")
})

test("next-version never gives a version that the index has", async () => {
  const server: PypiServer = await startPypiserver()
  try {
    const repository = await project("greeter", { tag: "v1.0.1" })
    const { folder } = await build(repository.path)
    expectDone(await publishTo({ port: server.port }, `--dist=${folder}`))
    repository.git("tag", "--delete", "v1.0.1")
    repository.git("tag", "v1.0.0")
    repository.commit("fix: mend", { a: "1" })
    const flags = [
      `--index=http://index:${server.port}/`,
      `--index-service=tcp://127.0.0.1:${server.port}`,
    ]
    expect(first(await next(repository))).toBe("v1.0.1")
    expect(first(await next(repository, ...flags))).toBe("v1.0.2")
  } finally {
    await server.stop()
  }
})
