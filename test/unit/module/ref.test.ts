import { describe, expect, test } from "vitest"
import type { Commit } from "../../../dagger/src/facts.js"
import { readProject } from "../../../dagger/src/project.js"
import { buildOf, named } from "../../../dagger/src/ref.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const scm = readProject(factsWith(SETUPTOOLS_SCM), ".")
const fixed = readProject(
  factsWith('[project]\nname = "demo"\nversion = "1.0"'),
  ".",
)

/** What is built of a ref, at a commit with these facts. */
const built = (ref: string, facts: Partial<Commit> = {}, project = scm) =>
  buildOf({ ref, project, commit: { ...(GIT as Commit), ...facts } })

describe("a pushed tag", () => {
  test("at HEAD is built, whatever other tags are there", () => {
    const tagsAtHead = ["v1.0rc1", "v1.0", "v2.0"]
    expect(built("refs/tags/v1.0", { tagsAtHead })).toEqual({
      kind: "tag",
      tag: "v1.0",
      version: "1.0",
    })
  })

  test("with .dev0 starts a cycle", () => {
    const tagsAtHead = ["v1.0.dev0"]
    expect(built("refs/tags/v1.0.dev0", { tagsAtHead })).toEqual({
      kind: "cycle",
      tag: "v1.0.dev0",
      version: "1.0.dev0",
    })
  })

  const refusals: [string, string, Partial<Commit>, RegExp][] = [
    ["v1", "an odd one", { tagsAtHead: ["v1"] }, /v1 is.*Was v1\.0 meant\?/],
    ["latest", "none", { tagsAtHead: ["latest"] }, /holds no version/],
    ["v1.0", "behind HEAD", { tagsBehind: ["v1.0"] }, /which lies behind it/],
    ["v1.0", "not there", {}, /was not fetched.*git fetch --tags/],
    [
      "v1.0",
      "edited",
      { tagsAtHead: ["v1.0"], edited: ["a.py", "b.py"] },
      /Changed: a\.py, b\.py\. Commit or undo/,
    ],
  ]
  test.each(refusals)(
    "%s is refused where it is %s",
    (tag, _, facts, reason) => {
      expect(() => built(`refs/tags/${tag}`, facts)).toThrow(reason)
    },
  )

  test("must say what pyproject.toml says", () => {
    const at = (tag: string) =>
      built(`refs/tags/${tag}`, { tagsAtHead: [tag] }, fixed)
    expect(at("v1.0.0")).toMatchObject({ kind: "tag" })
    expect(() => at("v1.1")).toThrow(/says that demo is 1\.0.*version to 1\.1/)
  })
})

test("a branch is built as that branch, whatever tags are at HEAD", () => {
  expect(built("refs/heads/main", { tagsAtHead: ["v1.0", "v2.0"] })).toEqual({
    kind: "branch",
    branch: "main",
  })
  expect(built("refs/heads/x/1.2")).toEqual({ kind: "branch", branch: "x/1.2" })
})

test.each(["refs/pull/7/merge", "refs/merge-requests/7/head"])(
  "%s is built as a request",
  (ref) => {
    expect(built(ref)).toEqual({ kind: "request", branch: null })
  },
)

test.each([
  ["main", /refs\/heads\/main for a branch, or --ref=refs\/tags\/main/],
  ["refs/heads/", /is no full ref.*refs\/tags\/NAME/],
])("%s is no full ref", (ref, reason) => {
  expect(() => built(ref)).toThrow(reason)
})

describe("without a ref", () => {
  test("the release tag at HEAD is built", () => {
    const tagsAtHead = ["latest", "v1.0"]
    expect(built("", { tagsAtHead })).toMatchObject({ tag: "v1.0" })
  })

  test("else the branch that is checked out, or none", () => {
    expect(built("")).toEqual({ kind: "branch", branch: "main" })
    const tagsAtHead = ["v1", "v1.0.dev0"]
    expect(built("", { tagsAtHead, branch: null })).toEqual({
      kind: "branch",
      branch: null,
    })
  })

  test("an edited tree is what comes after its tag", () => {
    const facts = { tagsAtHead: ["v1.0"], edited: ["a.py"] }
    expect(built("", facts)).toMatchObject({ kind: "branch" })
  })

  test("two releases at HEAD are refused, naming the ways out", () => {
    expect(() => built("", { tagsAtHead: ["v1.0rc1", "v1.0"] })).toThrow(
      /more than one release tag: v1\.0, v1\.0rc1.*--ref=refs\/tags\/v1\.0 or --ref=refs\/tags\/v1\.0rc1/,
    )
  })

  test("one release in two spellings is one", () => {
    const tagsAtHead = ["1.0", "v1.0"]
    expect(built("", { tagsAtHead })).toMatchObject({ version: "1.0" })
  })

  test("of two releases, the one that pyproject.toml says is built", () => {
    const tagsAtHead = ["v1.0", "v2.0"]
    expect(built("", { tagsAtHead }, fixed)).toMatchObject({ tag: "v1.0" })
    expect(built("", { tagsAtHead: ["v2.0"] }, fixed)).toMatchObject({
      kind: "branch",
    })
  })
})

test("an error names ten files at most", () => {
  const names = Array.from({ length: 12 }, (_, n) => `f${n}`)
  expect(named(names.slice(0, 2))).toBe("f0, f1")
  expect(named(names)).toMatch(/f9 and 2 more$/)
})
