import { describe, expect, test } from "vitest"
import { readProject } from "../../../dagger/src/project.js"
import { node, provider, taggedVersion } from "../../../dagger/src/provider.js"
import { publicVersion } from "../../../dagger/src/version.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const scm = readProject(factsWith(SETUPTOOLS_SCM), ".")
const request = { project: scm, commit: GIT as never, local: false }
const tagged = { ...GIT, commit: GIT.commit as string, tagsAtHead: ["v1.0"] }
const METADATA = "SETUPTOOLS_SCM_PRETEND_METADATA"

test("a commit is spelled with a fixed number of digits", () => {
  expect(node(tagged)).toBe("g1a2b3c4d5")
})

test("the highest release tag at HEAD counts", () => {
  const both = { ...tagged, tagsAtHead: ["v1.0rc1", "v1.0"] }
  expect(taggedVersion(both)).toBe("1.0")
})

test("a tag does not count where tracked files are edited", () => {
  expect(taggedVersion({ ...tagged, edited: ["a.py"] })).toBeUndefined()
})

describe("setuptools-scm is fed", () => {
  const { environment } = provider("setuptools-scm")

  test("the commit, and to leave out the local part", () => {
    expect(environment(request)).toEqual({
      [`${METADATA}_FOR_DEMO_PKG`]: '{node="g1a2b3c4d5"}',
      SETUPTOOLS_SCM_OVERRIDES_FOR_DEMO_PKG:
        '{local_scheme="no-local-version"}',
    })
  })

  test("the commit alone where the local part is wanted", () => {
    expect(Object.keys(environment({ ...request, local: true }))).toEqual([
      `${METADATA}_FOR_DEMO_PKG`,
    ])
  })

  test("the version of the tag at HEAD", () => {
    expect(environment({ ...request, commit: tagged })).toEqual({
      [`${METADATA}_FOR_DEMO_PKG`]: '{node="g1a2b3c4d5"}',
      SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO_PKG: "1.0",
    })
  })
})

describe("hatch-vcs is fed, without suffixes,", () => {
  const { environment, buildEnvironment } = provider("hatch-vcs")

  test("the commit, or the version of the tag at HEAD", () => {
    expect(environment(request)).toEqual({ [METADATA]: '{node="g1a2b3c4d5"}' })
    expect(environment({ ...request, commit: tagged })).toEqual({
      SETUPTOOLS_SCM_PRETEND_VERSION: "1.0",
    })
  })

  test("the version to build", () => {
    expect(buildEnvironment?.("1.1.dev2")).toEqual({
      SETUPTOOLS_SCM_PRETEND_VERSION: "1.1.dev2",
    })
  })
})

test("a version in pyproject.toml is fed nothing", () => {
  expect(provider("static").environment(request)).toEqual({})
})

test("a public version has no local part", () => {
  expect(publicVersion("1.2.dev3+g1a2b3c4")).toBe("1.2.dev3")
  expect(publicVersion("1.2")).toBe("1.2")
})
