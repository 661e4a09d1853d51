import { describe, expect, test } from "vitest"
import type { Commit } from "../../../dagger/src/facts.js"
import { readProject } from "../../../dagger/src/project.js"
import { node, provider } from "../../../dagger/src/provider.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const commit = GIT as Commit
const project = readProject(factsWith(SETUPTOOLS_SCM), ".")
const told = { project, commit, version: "1.1.dev2", distance: 2 }

test("a commit is spelled with a fixed number of digits", () => {
  expect(node(commit)).toBe("g1a2b3c4d5")
})

test("setuptools-scm is told version, commit and distance, for this project", () => {
  expect(provider("setuptools-scm").environment(told)).toEqual({
    SETUPTOOLS_SCM_PRETEND_VERSION_FOR_DEMO_PKG: "1.1.dev2",
    SETUPTOOLS_SCM_PRETEND_METADATA_FOR_DEMO_PKG:
      '{node="g1a2b3c4d5", distance=2}',
  })
})

test("hatch-vcs is told the version, without a suffix", () => {
  expect(provider("hatch-vcs").environment(told)).toEqual({
    SETUPTOOLS_SCM_PRETEND_VERSION: "1.1.dev2",
  })
})

test("a version in pyproject.toml is told nothing", () => {
  expect(provider("static").environment(told)).toEqual({})
})

describe("settings", () => {
  const hatch = (version: string) => {
    const pyproject = `
      [build-system]
      requires = ["hatch-vcs", "hatchling"]
      build-backend = "hatchling.build"
      [project]
      name = "demo"
      dynamic = ["version"]
      [tool.hatch.version]
      source = "vcs"
      ${version}`
    return readProject(factsWith(pyproject), ".").settings
  }

  test("of setuptools-scm are in its own table", () => {
    const table = '[tool.setuptools_scm]\nversion_scheme = "only-version"'
    const { settings } = readProject(factsWith(SETUPTOOLS_SCM + table), ".")
    expect(settings).toEqual({ version_scheme: "only-version" })
  })

  test("of hatch-vcs are its raw-options, and two by names of its own", () => {
    expect(hatch("")).toEqual({})
    expect(
      hatch(`tag-pattern = "x-(.*)"
        fallback-version = "1.0"
        raw-options = { local_scheme = "no-local-version" }`),
    ).toEqual({
      local_scheme: "no-local-version",
      tag_regex: "x-(.*)",
      fallback_version: "1.0",
    })
  })

  test("of a static project are none", () => {
    const { settings } = readProject(
      factsWith('[project]\nname = "x"\nversion = "1"'),
      ".",
    )
    expect(settings).toEqual({})
  })
})
