import { describe, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import { freePort } from "../servers/server.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"
import { publishTo } from "./publish.js"

const rehearse = (source: string, ...flags: string[]) =>
  call(["publish", `--source=${source}`, "--index=rehearsal", ...flags])

describe("publish --index=rehearsal", () => {
  test("takes a commit of pluggy through every gate, to an index and back", async () => {
    const { path } = await project("pluggy", { commits: 2 })
    const outcome = await rehearse(path)
    expectDone(outcome)
    expect(outcome.stdout).toContain("1.6.1.dev2")
    for (const stage of ["test", "build", "verify", "upload", "confirm"])
      expect(outcome.stdout).toMatch(new RegExp(`${stage}.*\\d\\s?s`, "i"))
  })

  test.each(["iniconfig", "markupsafe"] as const)(
    "takes %s at its release tag",
    async (name) => {
      expectDone(await rehearse((await project(name)).path))
    },
  )

  test("takes a static version at its tag, with the tests it was told to run", async () => {
    const { path } = await project("click")
    const command = "--command=python -m pytest -q tests/test_basic.py"
    expectDone(await rehearse(path, command))
  })

  test("refuses a static version off its tag, and names the tag", async () => {
    const { path } = await project("click", { commits: 1 })
    const outcome = await rehearse(path)
    expectSentence(outcome, /8\.5\.1/)
    expectSentence(outcome, /tag/)
    expect(outcome.exitCode).toBe(1)
  })
})

describe("publish refuses", () => {
  test("an index that does not answer", async () => {
    const { path } = await project("greeter")
    const target = { port: await freePort() }
    const outcome = await publishTo(target, `--source=${path}`)
    expectSentence(outcome, /http:\/\/index:\d+/)
    expect(outcome.exitCode).toBe(1)
  })

  test.each(["pypi", "testpypi"])(
    "a linux_x86_64 wheel for %s, with the ways out",
    async (index) => {
      const { path } = await project("markupsafe")
      const outcome = await call(
        [
          ...["publish", `--source=${path}`, `--index=${index}`],
          ...["--token=env:INDEX_TOKEN", "--allow-token"],
        ],
        { environment: { INDEX_TOKEN: "a-token-of-this-test" } },
      )
      expectSentence(outcome, /linux_x86_64/)
      expectSentence(outcome, /--dist/)
      expectSentence(outcome, /--sdist-only/)
      expect(outcome.exitCode).toBe(1)
    },
  )
})
