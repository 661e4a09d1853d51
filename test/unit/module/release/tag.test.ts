import { describe, expect, test } from "vitest"

import { serverOf } from "../../../../dagger/src/github/server.js"
import { readProject } from "../../../../dagger/src/project.js"
import { releaseTag } from "../../../../dagger/src/release/tag.js"
import { factsWith, SETUPTOOLS_SCM } from "../facts.js"

describe("the tag of a release", () => {
  const demo = readProject(factsWith(SETUPTOOLS_SCM), ".")

  test("is the one that is given, or v and the version", () => {
    expect(releaseTag("", "1.2.0", demo)).toBe("v1.2.0")
    expect(releaseTag("v1.2.0-rc.1", "1.2.0rc1", demo)).toBe("v1.2.0-rc.1")
  })

  test.each([
    [
      "v1.3.0",
      "1.2.0",
      /--tag=v1\.3\.0 is not .* 1\.2\.0\. Pass --tag=v1\.2\.0,/,
    ],
    ["nightly", "1.2.0", /--tag=nightly is not the tag of the files/],
    [
      "v1.0.1.dev0",
      "1.0.1.dev0",
      /are 1\.0\.1\.dev0, a dev release, and no tag/,
    ],
    ["", "1.0.1.dev4", /Build them from a release tag/],
  ])("is not %j of %s", (tag, version, says) => {
    expect(() => releaseTag(tag, version, demo)).toThrow(says)
  })
})

test.each([
  ["https://api.github.com", "https://github.com"],
  ["https://git.example.com:8443/api/v3", "https://git.example.com:8443"],
  ["https://api.me.ghe.com/", "https://me.ghe.com"],
  ["http://github:9201", "http://github:9201"],
])("the pages of the API %s begin with %s", (api, server) => {
  expect(serverOf(api)).toBe(server)
})
