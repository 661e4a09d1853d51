import { expect, test } from "vitest"
import { normalisedName, sameVersion } from "../../../dagger/src/spelling.js"

test.each(["Demo.Pkg", "demo_pkg", "DEMO--pkg"])("%s is demo-pkg", (name) => {
  expect(normalisedName(name)).toBe("demo-pkg")
})

test.each([
  ["1.0", "1", true],
  ["1.0rc1", "1.0-rc.1", true],
  ["1.0", "1.0.1", false],
  ["one", "one", true],
  ["one", "1.0", false],
  ["1.0", "one", false],
])("%s and %s are one version: %s", (one, other, same) => {
  expect(sameVersion(one, other)).toBe(same)
})
