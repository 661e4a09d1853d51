import { describe, expect, test } from "vitest"
import type { Commit } from "../../../dagger/src/facts.js"
import { nextQuestion, publicVersion } from "../../../dagger/src/next.js"
import { readProject } from "../../../dagger/src/project.js"
import type { Build } from "../../../dagger/src/ref.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const project = readProject(factsWith(SETUPTOOLS_SCM), ".")
const main: Build = { kind: "branch", branch: "main" }
const asked = (facts: Partial<Commit>, build: Build = main) =>
  nextQuestion({ project, commit: { ...(GIT as Commit), ...facts }, build })

describe("the next version is asked for with", () => {
  test("the tags behind HEAD that say what comes next", () => {
    const tagsBehind = ["v1", "v1.0", "v2.0.dev0", "latest"]
    expect(asked({ tagsBehind, tagsAtHead: ["v3.0"] })).toEqual({
      name: "Demo.Pkg",
      settings: null,
      tags: [
        { tag: "v1.0", version: "1.0" },
        { tag: "v2.0.dev0", version: "2.0.dev0" },
      ],
      branch: "main",
      node: "g1a2b3c4d5",
      dirty: false,
      time: 1_700_000_000,
    })
  })

  test("the tags at HEAD too, where the tree is edited", () => {
    const facts = { tagsAtHead: ["v3.0"], edited: ["a.py"] }
    expect(asked(facts)).toMatchObject({
      tags: [{ tag: "v3.0" }],
      dirty: true,
    })
  })

  test("no branch, where it is a request's", () => {
    expect(asked({}, { kind: "request", branch: null }).branch).toBeNull()
  })

  test("the settings, where setuptools-scm does not find them", () => {
    const settings = { local_scheme: "no-local-version" }
    const hatch = { ...project, provider: "hatch-vcs" as const, settings }
    const commit = GIT as Commit
    const question = nextQuestion({ project: hatch, commit, build: main })
    expect(question.settings).toEqual(settings)
  })
})

test("a public version has no local part", () => {
  expect(publicVersion("1.2.dev3+g1a2b3c4")).toBe("1.2.dev3")
  expect(publicVersion("1.2")).toBe("1.2")
})
