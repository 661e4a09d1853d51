import { beforeAll, describe, expect, test } from "vitest"

import { type ProjectOptions, project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { succeed } from "./call.js"

const version = async (repository: Repository, ...flags: string[]) => {
  const printed = await succeed([
    "version",
    `--source=${repository.path}`,
    ...flags,
  ])
  return printed.trim()
}

describe("version, of a project on setuptools-scm", () => {
  test("at a release tag, is the tag's", async () => {
    expect(await version(await project("pluggy"))).toBe("1.6.0")
  })

  describe("after a release", () => {
    let pluggy: Repository
    beforeAll(async () => {
      pluggy = await project("pluggy", { commits: 2 })
    })

    test("counts the commits since, without a local part", async () => {
      expect(await version(pluggy)).toBe("1.6.1.dev2")
    })

    test("has the commit in its local part with --local", async () => {
      const [release, local] = (await version(pluggy, "--local")).split("+")
      expect(release).toBe("1.6.1.dev2")
      expect(local).toMatch(/^g[0-9a-f]{7,40}$/)
      expect(`g${pluggy.git("rev-parse", "HEAD")}`).toContain(local)
    })
  })

  const tags: [string, string, ProjectOptions][] = [
    ["of a candidate", "2.0.0rc1", { tag: "v2.0.0rc1" }],
    ["of a post-release", "1.0.0.post1", { tag: "v1.0.0.post1" }],
    ["that is no release", "0.1.dev1", { tag: null }],
  ]
  test.each(tags)("reads a tag %s as %s", async (_, expected, options) => {
    expect(await version(await project("greeter", options))).toBe(expected)
  })
})

describe("version, of a project on hatch-vcs", () => {
  let iniconfig: Repository
  beforeAll(async () => {
    iniconfig = await project("iniconfig", { commits: 1 })
  })

  test("counts the commits since the release", async () => {
    expect(await version(iniconfig)).toBe("2.1.1.dev1")
  })

  test("has the commit in its local part with --local", async () => {
    expect(await version(iniconfig, "--local")).toMatch(
      /^2\.1\.1\.dev1\+g[0-9a-f]{7,40}$/,
    )
  })
})

describe("version, of a project with a static version", () => {
  test("is the one in pyproject.toml, tag or not", async () => {
    expect(await version(await project("click", { commits: 1 }))).toBe("8.5.1")
  })

  test("is found in a package inside the repository with --path", async () => {
    const repository = await project("greeter", {
      files: {
        "packages/inner/pyproject.toml": [
          "[build-system]",
          'requires = ["flit_core"]',
          'build-backend = "flit_core.buildapi"',
          "[project]",
          'name = "inner"',
          'version = "7.0"',
          'description = "A package inside a repository"',
        ].join("\n"),
      },
    })
    expect(await version(repository, "--path=packages/inner")).toBe("7.0")
  })
})
