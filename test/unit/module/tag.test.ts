import { describe, expect, test } from "vitest"
import { releaseTags, releaseVersion, tagOf } from "../../../dagger/src/tag.js"

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
  ]
  test.each(releases)("%s: %s", (tag, version) => {
    expect(releaseVersion(tag)).toBe(version)
  })
})

describe("no release is", () => {
  const others: [string, string][] = [
    ["v1", "a moving tag of GitHub Actions"],
    ["v1.2.3+build5", "a local part"],
    ["v0.6.0.dev0", "the start of a cycle"],
    ["v1.0-foo", "no version"],
    ["release-2024-01", "no version"],
    ["v1.0.0-1", "a post release to PEP 440, a pre-release to semver"],
  ]
  test.each(others)("%s: %s", (tag) => {
    expect(releaseVersion(tag)).toBeUndefined()
  })
})

test("release tags come highest first, others are passed over", () => {
  const tags = ["v0.6.0rc1", "latest", "v0.6.0", "v0.10.0"]
  expect(releaseTags(tags).map(({ tag }) => tag)).toEqual([
    "v0.10.0",
    "v0.6.0",
    "v0.6.0rc1",
  ])
})

test("a version's tag is found in either spelling", () => {
  expect(tagOf("1.2.0", ["nightly", "v1.2"])).toBe("v1.2")
  expect(tagOf("1.2.0", ["v1.2.1"])).toBeUndefined()
})
