import { describe, expect, test } from "vitest"
import type { Commit } from "../../../dagger/src/facts.js"
import { holdingRefusals, readHoldings } from "../../../dagger/src/holdings.js"
import { readProject } from "../../../dagger/src/project.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const simple = "https://pypi.org/simple/"
const file = (name: string, yanked = false) => ({ name, yanked })
const read = (names: string[], version = "1.0", yanked: string[] = []) => {
  const files = [
    ...names.map((name) => file(name)),
    ...yanked.map((name) => file(name, true)),
  ]
  return readHoldings({ simple, files }, version)
}

describe("an index holds", () => {
  test("nothing", () => {
    expect(read([])).toEqual({
      simple,
      releases: 0,
      newest: null,
      newestFinal: null,
      newestRelease: null,
      newestBase: null,
      files: [],
    })
  })

  test("releases in their order, and the files of one version", () => {
    const names = [
      "demo-1.9.tar.gz",
      "demo-1.10-py3-none-any.whl",
      "demo-1.10.tar.gz",
      "demo-2.0rc1.tar.gz",
      "demo-2.0.dev3.tar.gz",
      "demo-0.1.exe",
      "demo-what.tar.gz",
    ]
    expect(read(names, "1.10.0")).toEqual({
      simple,
      releases: 4,
      newest: "2.0rc1",
      newestFinal: "1.10",
      newestRelease: "2.0rc1",
      newestBase: "2.0",
      files: ["demo-1.10-py3-none-any.whl", "demo-1.10.tar.gz"],
    })
  })

  test("yanked files, which nobody gets and which still are there", () => {
    const held = read(["demo-1.0.tar.gz"], "1.1", ["demo-1.1.tar.gz"])
    expect(held).toMatchObject({
      releases: 2,
      newest: "1.0",
      newestFinal: "1.0",
      newestRelease: "1.1",
      files: ["demo-1.1.tar.gz"],
    })
  })
})

describe("a clone without tags", () => {
  const scm = readProject(factsWith(SETUPTOOLS_SCM), ".")
  const fixed = { ...scm, version: "1.0" }
  const refused = (
    names: string[],
    facts: Partial<Commit> = {},
    project = scm,
    version = "0.1.dev9",
  ) => {
    const commit = { ...(GIT as Commit), ...facts }
    return holdingRefusals(project, commit, read(names), version)
  }

  test("is refused where the index has releases", () => {
    expect(refused(["demo-1.0.tar.gz"])[0]).toMatch(
      /as high as 1\.0.*git fetch --tags.*git tag v1\.0 COMMIT/,
    )
    expect(refused(["demo-1.0.tar.gz"], { tagsBehind: ["v1"] })).toHaveLength(1)
  })

  test("is refused where the index has dev versions of a later release", () => {
    expect(refused(["demo-1.0.1.dev1.tar.gz"])[0]).toMatch(
      /as high as 1\.0\.1,/,
    )
  })

  test("is a first release where it has none, or dev versions of this one", () => {
    expect(refused([])).toEqual([])
    for (const there of ["7", "9", "12"])
      expect(refused([`demo-0.1.dev${there}.tar.gz`])).toEqual([])
  })

  test("is as good as any where a tag or pyproject.toml says the version", () => {
    const names = ["demo-1.0.tar.gz"]
    expect(refused(names, { tagsBehind: ["v1.0"] })).toEqual([])
    expect(refused(names, { tagsAtHead: ["v1.0"] })).toEqual([])
    expect(refused(names, {}, fixed)).toEqual([])
  })
})
