import { describe, expect, test } from "vitest"

import {
  meansRefusal,
  namedHere,
  planRefusal,
} from "../../../../dagger/src/rollback/apply.js"

const plan = {
  ...{ project: "demo", version: "1.2.0", good: "1.1.0", problem: null },
  ...{ state: "whole" as const, byHand: ["pypi lacks the sdist."] },
}

describe("--apply is refused", () => {
  test.each([
    ["", true, /--repository=OWNER\/NAME and --token/],
    ["", false, /--repository=OWNER\/NAME and --token/],
    ["me/demo", false, /needs --token.*contents: write` on me\/demo/],
  ])("without what it needs (%j, token: %s)", (repository, token, says) => {
    expect(meansRefusal({ repository, token })).toMatch(says)
  })

  test("for a release that is to be completed", () => {
    expect(planRefusal({ ...plan, state: "half" })).toMatch(
      /demo 1\.2\.0 is half published\. pypi lacks the sdist\..*with --dist/,
    )
  })

  test("where the last good release does not install", () => {
    expect(planRefusal({ ...plan, problem: "No." })).toBe(
      "Nothing was rolled back, as demo 1.1.0, the last good release, cannot be installed: No.",
    )
  })
})

test("--apply goes on where nothing is in its way", () => {
  expect(meansRefusal({ repository: "me/demo", token: true })).toBeNull()
  expect(planRefusal(plan)).toBeNull()
})

test("what an index wants is asked for by the flags that there are", () => {
  expect(namedHere("Check --token, and --username; --tokens")).toBe(
    "Check --index-token, and --index-username; --tokens",
  )
})
