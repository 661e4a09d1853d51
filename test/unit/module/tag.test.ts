import { describe, expect, test } from "vitest"
import {
  oddTags,
  readTag,
  releaseTags,
  tagOf,
  versionTags,
} from "../../../dagger/src/tag.js"
import { PLAIN } from "../../../dagger/src/tagging.js"

describe("a tag releases", () => {
  const releases: [string, string][] = [
    ["v1.2.3", "1.2.3"],
    ["1.2.3", "1.2.3"],
    ["1.2", "1.2"],
    ["v0.6.0rc1", "0.6.0rc1"],
    ["v0.6.0-rc.1", "0.6.0rc1"],
    ["v0.6.0a2", "0.6.0a2"],
    ["v0.6.0-alpha.2", "0.6.0a2"],
    ["v0.6.0.post1", "0.6.0.post1"],
    ["2024.01.05", "2024.1.5"],
    ["v1!2.0", "1!2.0"],
  ]
  test.each(releases)("%s: %s", (tag, version) => {
    expect(readTag(tag)).toEqual({ kind: "release", version })
  })
})

describe("a tag starts a cycle:", () => {
  const cycles: [string, string][] = [
    ["v0.6.0.dev0", "0.6.0.dev0"],
    ["v0.6.0rc1.dev0", "0.6.0rc1.dev0"],
  ]
  test.each(cycles)("%s: %s", (tag, version) => {
    expect(readTag(tag)).toEqual({ kind: "cycle", version })
  })
})

describe("an odd tag has a reason, and a spelling that is meant:", () => {
  const odd: [string, string, RegExp][] = [
    ["v1", "v1.0", /one number/],
    ["1", "1.0", /one number/],
    ["v1.2.3+build5", "v1.2.3", /local part/],
    ["1.2.3+build5", "1.2.3", /local part/],
    ["v0.6.0.dev3", "v0.6.0.dev0", /dev number/],
    ["v1.0-foo", "v1.0", /no version/],
    ["release-2024-01", "v2024.1", /no version/],
    ["sprint-7", "v7.0", /no version/],
    ["v1.0.0-1", "v1.0.0.post1", /semver reads it as a pre-release/],
  ]
  test.each(odd)("%s: %s", (tag, meant, reason) => {
    const expected = { kind: "odd", meant, reason: expect.any(String) }
    const read = readTag(tag)
    expect(read).toEqual(expected)
    expect(read.kind === "odd" && read.reason).toMatch(reason)
  })
})

test("a tag without a number is none of a project's versions", () => {
  expect(readTag("latest")).toEqual({ kind: "foreign" })
})

test("release tags come highest first, others are passed over", () => {
  const tags = ["v0.6.0rc1", "latest", "v0.7.0.dev0", "v0.6.0", "v0.10.0"]
  expect(releaseTags(tags).map(({ tag }) => tag)).toEqual([
    "v0.10.0",
    "v0.6.0",
    "v0.6.0rc1",
  ])
})

test("releases and starts of a cycle say what comes next", () => {
  const tags = ["v0.7.0.dev0", "v1", "v0.6.0", "latest"]
  expect(versionTags(tags, PLAIN)).toEqual([
    { tag: "v0.6.0", version: "0.6.0" },
    { tag: "v0.7.0.dev0", version: "0.7.0.dev0" },
  ])
})

test("odd tags are told from the others", () => {
  const tags = ["v1", "v1.0", "latest", "v2.0.dev0", "v1.0-foo"]
  expect(oddTags(tags, PLAIN).map(({ tag }) => tag)).toEqual(["v1", "v1.0-foo"])
})

test("a version's tag is found in either spelling", () => {
  expect(tagOf("1.2.0", ["nightly", "v1.2"])).toBe("v1.2")
  expect(tagOf("1.2.0", ["v1.2.1"])).toBeUndefined()
})
