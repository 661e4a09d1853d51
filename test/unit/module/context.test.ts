import { expect, test } from "vitest"
import { readContext } from "../../../dagger/src/context.js"
import { readDeadline } from "../../../dagger/src/deadline.js"

test("a context may be left out", () => {
  expect(readContext("")).toEqual({})
})

test("GitHub's whole context gives the run, and never its token", () => {
  const github = {
    token: "ghs_secret",
    event: { anything: "at all" },
    server_url: "https://github.com",
    repository: "ada/demo",
    run_id: 7,
    actor: "ada",
    job: "",
  }
  expect(readContext(JSON.stringify(github))).toEqual({
    server_url: "https://github.com",
    repository: "ada/demo",
    run_id: "7",
    actor: "ada",
    url: "https://github.com/ada/demo/actions/runs/7",
  })
})

test("a URL that is given is the run's", () => {
  const context = { url: "https://ci/7", actor: "ada" }
  expect(readContext(JSON.stringify(context))).toEqual(context)
})

test.each(["x", "[]", "null", "7"])("%s is no context", (text) => {
  expect(() => readContext(text)).toThrow(/^--context is no JSON object/)
})

test("a deadline is whole seconds within an hour", () => {
  expect(readDeadline(240)).toBe(240)
  for (const wrong of [0, -1, 1.5, 3601])
    expect(() => readDeadline(wrong)).toThrow(/is no deadline/)
})
