import { rmSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import { change, project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { call, succeed } from "./call.js"
import { expectSentence } from "./expect.js"

const version = async (repository: Repository, ...flags: string[]) => {
  const source = `--source=${repository.path}`
  return (await succeed(["version", source, ...flags])).trim()
}
const refused = async (repository: Repository, ...flags: string[]) => {
  const outcome = await call([
    "version",
    `--source=${repository.path}`,
    ...flags,
  ])
  expect(outcome.exitCode).toBe(1)
  return outcome
}
const scheme = (name: string) => `[build-system]
requires = ["setuptools>=64", "setuptools-scm>=8"]
build-backend = "setuptools.build_meta"
[project]
name = "greeter"
dynamic = ["version"]
[tool.setuptools_scm]
version_scheme = "${name}"
`

describe("main and a tag, pushed together, at one commit", () => {
  let repository: Repository
  beforeAll(async () => {
    repository = await project("greeter", { commits: 2 })
    repository.tag("v1.1")
  })

  test("give a dev version and a release", async () => {
    expect(await version(repository, "--ref=refs/heads/main")).toBe(
      "1.0.1.dev2",
    )
    expect(await version(repository, "--ref=refs/tags/v1.1")).toBe("1.1")
    expect(await version(repository)).toBe("1.1")
  })

  test("where there are two tags, the pushed one counts", async () => {
    repository.tag("v1.1rc1")
    expect(await version(repository, "--ref=refs/tags/v1.1rc1")).toBe("1.1rc1")
    const outcome = await refused(repository)
    expectSentence(
      outcome,
      /--ref=refs\/tags\/v1\.1 or --ref=refs\/tags\/v1\.1rc1/,
    )
  })

  test("a tag that is no release is refused, with the spelling meant", async () => {
    repository.tag("v1.1.0+build5")
    const outcome = await refused(repository, "--ref=refs/tags/v1.1.0+build5")
    expectSentence(outcome, /local part.*Was v1\.1\.0 meant\?/)
  })

  test("a tag elsewhere is refused", async () => {
    const outcome = await refused(repository, "--ref=refs/tags/v1.0.0")
    expectSentence(outcome, /not at the tag v1\.0\.0, which lies behind it/)
  })
})

describe("dev versions never repeat, where git describe would have them", () => {
  test("after a patch release, under a scheme that goes by minors", async () => {
    const repository = await project("greeter", {
      files: { "pyproject.toml": scheme("semver-pep440-release-branch") },
      commits: 2,
    })
    expect(await version(repository)).toBe("1.1.0.dev2")
    repository.tag("v1.0.1")
    change(repository, "After the patch release")
    expect(await version(repository)).toBe("1.1.0.dev3")
  })

  test("nor skip the release that a candidate is for", async () => {
    const repository = await project("greeter", {
      files: { "pyproject.toml": scheme("semver-pep440-release-branch") },
      tag: "v1.0rc1",
      commits: 1,
    })
    expect(await version(repository)).toBe("1.0rc2.dev1")
  })
})

describe("refused is", () => {
  test("a submodule that is not checked out", async () => {
    const inner = await project("greeter")
    const repository = await project("greeter")
    repository.git(
      ...["-c", "protocol.file.allow=always", "submodule", "add"],
      ...["--quiet", inner.path, "vendor/inner"],
    )
    repository.commit("Add a submodule")
    rmSync(join(repository.path, "vendor/inner"), { recursive: true })
    const outcome = await refused(repository)
    expectSentence(outcome, /vendor\/inner.*git submodule update --init/)
  })

  test("a tracked file that every call leaves out", async () => {
    const repository = await project("greeter", {
      files: { "src/greeter/node_modules/x.js": "1" },
    })
    const outcome = await refused(repository)
    expectSentence(outcome, /leaves out of the source: .*node_modules\/x\.js/)
  })

  test("a short name of a branch", async () => {
    const outcome = await refused(await project("greeter"), "--ref=main")
    expectSentence(outcome, /--ref=refs\/heads\/main for a branch/)
  })
})
