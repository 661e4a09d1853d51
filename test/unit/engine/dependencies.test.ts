import { describe, expect, test } from "vitest"
import {
  installation,
  neededPackages,
  strayPackages,
} from "../../../engine/module/dependencies.js"

describe("the packages of a module", () => {
  test("are those that not every module has", () => {
    expect(neededPackages({})).toEqual([])
    const dependencies = { typescript: "5.9.3", "@dagger.io/dagger": "./sdk" }
    expect(neededPackages({ dependencies })).toEqual([])
    expect(neededPackages({ dependencies: { yaml: "2" } })).toEqual(["yaml"])
  })

  test.each([
    ["^9.1.0", true],
    [">=1.2 <2 || 3.x", true],
    ["latest", true],
    ["", true],
    ["npm:@scope/other@^1.0.0-rc.1+x", true],
    ["file:../keys", false],
    ["../keys", false],
    ["git+ssh://git@example.com/a.git", false],
    ["owner/repository", false],
    ["https://example.com/a.tgz", false],
  ])("%j comes from a registry: %s", (range, registry) => {
    expect(strayPackages({ dependencies: { one: range } })).toEqual(
      registry ? [] : [`one@${range}`],
    )
  })

  test.each([
    [["package-lock.json", "yarn.lock"], ["package-lock.json"], ["ci"]],
    [["yarn.lock", "src"], ["yarn.lock"], ["install"]],
    [["src"], [], ["install"]],
  ])("with %j are those of the lock %j", (files, locks, words) => {
    expect(installation(files)).toEqual({ locks, words })
  })

  test.each(["pnpm-lock.yaml", "bun.lock", "bun.lockb"])(
    "with %s are not for npm, unless it has a lock, too",
    (unread) => {
      expect(installation([unread])).toEqual({ unread })
      expect(installation([unread, "yarn.lock"])).toHaveProperty("words")
    },
  )
})
