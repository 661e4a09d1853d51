import { beforeAll, describe, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { call, engine } from "./call.js"
import { expectSentence } from "./expect.js"

// What is wrong with a call itself, `dagger call` says in its own words.
describe.runIf(engine === "embedded")(
  "a call is wrong, with exit code 2, when",
  () => {
    let greeter: Repository
    beforeAll(async () => {
      greeter = await project("greeter")
    })
    const calls: [string, string[], RegExp][] = [
      ["its flag is unknown", ["--sauce=x"], /no flag --sauce.*--source/],
      [
        "its folder is not there",
        ["--source=/not/there"],
        /nothing at \/not\/there/,
      ],
      ["its folder is a file", ["--source=package.json"], /not a folder/],
      ["its flag is no boolean", ["--local=perhaps"], /true or false/],
    ]
    test.each(calls)("%s", async (_, flags, says) => {
      const outcome = await call(["version", ...flags])
      expectSentence(outcome, says)
      expect(outcome.exitCode).toBe(2)
    })

    test.each([
      ["-m=/not/there", /No dagger\.json in \/not\/there/],
      ["-m=", /-m needs a value/],
    ])("its module is %s", async (flag, says) => {
      const outcome = await call([flag, "version"])
      expectSentence(outcome, says)
      expect(outcome.exitCode).toBe(2)
    })

    test("its function is unknown", async () => {
      const outcome = await call(["pubish", `--source=${greeter.path}`])
      expectSentence(outcome, /no function "pubish".*publish/)
      expect(outcome.exitCode).toBe(2)
    })

    test("its token is written out, and the token is not repeated", async () => {
      const outcome = await call([
        "publish",
        `--source=${greeter.path}`,
        "--index=rehearsal",
        "--token=pypi-canary",
      ])
      expectSentence(outcome, /env:NAME/)
      expect(outcome.exitCode).toBe(2)
      expect(outcome.stderr).not.toContain("pypi-canary")
    })
  },
)
