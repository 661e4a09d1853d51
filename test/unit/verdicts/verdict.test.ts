import { expect, test } from "vitest"
import { releases } from "../../verdicts/releases.js"
import { verdictOf, verdictOfFailure } from "../../verdicts/verdict.js"
import known from "../../verdicts/verdicts.json" with { type: "json" }

const check = (id: string, problems: string[] = [], notes: string[] = []) => ({
  ...{ id, problems, notes },
})

test("a verdict is what was found, by check", () => {
  const checks = [
    check("names"),
    check("tags", ["bad"]),
    check("urls", [], ["odd"]),
  ]
  expect(verdictOf(checks)).toEqual({
    tags: { problems: ["bad"] },
    urls: { notes: ["odd"] },
  })
})

test("what every release of others lacks is no part of it", () => {
  const lost = check("sdist", ["lost"], ["left out"])
  expect(verdictOf([check("recorded", [], ["none"]), lost])).toEqual({
    sdist: { problems: ["lost"], notes: ["left out"] },
  })
})

test("a failed call's verdict is read from its error", () => {
  const stderr = `✔ python verify.py
demo 1.0: 2 of 30 checks failed.
names (protects from file names that indexes refuse):
    one
    two
platform-tags (protects from an upload that PyPI refuses):
    three
`
  expect(verdictOfFailure(stderr)).toEqual({
    names: { problems: ["one", "two"] },
    "platform-tags": { problems: ["three"] },
  })
})

// docs/refusals.md says why that one is no false alarm.
test("every release has a verdict, and only byte code fails one", () => {
  expect(Object.keys(known)).toEqual(Object.keys(releases))
  const failed = Object.entries(known).flatMap(([name, verdict]) =>
    Object.entries(verdict)
      .filter(([, finding]) => "problems" in finding)
      .map(([id]) => `${name}: ${id}`),
  )
  expect(failed).toEqual(["pyyaml: leftovers"])
})
