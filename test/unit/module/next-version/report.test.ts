import { describe, expect, test } from "vitest"

import type { NextFacts } from "../../../../dagger/src/next-version/facts.js"
import { tagFor } from "../../../../dagger/src/next-version/facts.js"
import {
  nextPage,
  nextVersionOf,
} from "../../../../dagger/src/next-version/report.js"
import { readProject } from "../../../../dagger/src/project.js"
import { factsWith, SETUPTOOLS_SCM } from "../facts.js"
import { id, log } from "./log.js"

const projectWith = (settings: string) =>
  readProject(factsWith(SETUPTOOLS_SCM + settings), ".")

const project = projectWith("")

const next = (messages: string[], changes: Partial<NextFacts> = {}) => {
  const commits = log(...messages)
  return nextVersionOf({
    ...{ project, tags: ["v1.2.0"], wanted: "final", held: null },
    log: { commits, fresh: commits.length, tags: [], remote: null },
    ...changes,
  })
}

test("says the tag, and what each commit asks for", () => {
  const revert = `Revert "feat: c"\n\nThis reverts commit ${id(2)}.`
  expect(next(["feat: a\n\nLong.", "docs: b", "feat: c", revert])).toEqual({
    schema: "pypi-deploy/next-version/1",
    project: "Demo.Pkg",
    version: "1.3.0",
    tag: "v1.3.0",
    after: "v1.2.0",
    level: "minor",
    commits: [
      { id: id(3), subject: 'Revert "feat: c"', asks: "undone" },
      { id: id(2), subject: "feat: c", asks: "undone" },
      { id: id(1), subject: "docs: b", asks: "none" },
      { id: id(0), subject: "feat: a", asks: "minor" },
    ],
    notices: [],
  })
  expect(next(["feat: a", "docs: b", "feat: c", revert]).notices).toEqual([])
  const nothing = next([...["feat: c", revert.replace(id(2), id(0))]])
  expect(nothing).toMatchObject({
    version: "1.2.1",
    notices: [expect.stringMatching(/Every commit since was taken back/)],
  })
})

describe("notices:", () => {
  const said = (...args: Parameters<typeof next>) => next(...args).notices

  test("commits that are not conventional", () => {
    expect(said(["Mend", "fix: b"])).toEqual([
      expect.stringMatching(/counted as fixes: a{9} \(Mend\)/),
    ])
  })

  test("nothing that people notice", () => {
    expect(said(["docs: a", "chore: b"])[0]).toMatch(/No commit changes what/)
    expect(said(["docs: a"], { wanted: "rc" })).toEqual([])
  })

  test("a breaking change before 1.0", () => {
    const zero = next(["feat!: a"], { tags: ["v0.3.1"] })
    expect(zero.version).toBe("0.4.0")
    expect(zero.notices).toEqual([expect.stringMatching(/git tag v1\.0\.0/)])
  })

  test("features in a post-release", () => {
    const post = next(["feat: a", "fix: b"], { wanted: "post" })
    expect(post.tag).toBe("v1.2.0.post1")
    expect(post.notices).toEqual([expect.stringMatching(/\(feat: a\)/)])
    expect(said(["build: mend"], { wanted: "post" })).toEqual([])
  })

  test("an index that is further", () => {
    expect(said(["fix: a"], { held: ["3.0.0", "0.1"] })[0]).toMatch(
      /The index has 3\.0\.0, which is higher than 1\.2\.1/,
    )
    expect(said(["fix: a"], { held: [] })).toEqual([])
  })
})

test("what a tag anywhere, or the index, has is passed over", () => {
  const commits = log("fix: a")
  const found = next([], {
    log: { commits, fresh: 1, tags: ["v1.2.1"], remote: null },
    held: ["1.2.2"],
  })
  expect(found.tag).toBe("v1.2.3")
})

test("a cycle's start counts", () => {
  const tags = ["v1.2.0", "v2.0.0.dev0"]
  expect(next(["fix: a"], { tags }).tag).toBe("v2.0.0")
})

describe("the tag is spelled as the project's last one:", () => {
  const rows: [string | undefined, string, string][] = [
    [undefined, "", "v1.0.0"],
    ["0.9", "", "1.0.0"],
    ["v0.9", "", "v1.0.0"],
    ["demo-pkg-v0.9", "", "demo-pkg-v1.0.0"],
    ["demo-pkg/0.9", "", "demo-pkg/1.0.0"],
    [undefined, '[tool.setuptools_scm.tag]\nprefix = "v"', "v1.0.0"],
    [undefined, '[tool.setuptools_scm.tag]\nprefix = "d-"', "d-v1.0.0"],
    [
      undefined,
      `[tool.setuptools_scm]\ntag_regex = '^(?P<version>\\d[.\\d]+)$'`,
      "1.0.0",
    ],
  ]
  test.each(rows)("%s, %j: %s", (last, settings, tag) => {
    expect(tagFor("1.0.0", projectWith(settings), last)).toBe(tag)
  })

  test("or refused, where the settings read none", () => {
    const odd = projectWith("[tool.setuptools_scm]\ntag_regex = '^x(\\d)$'")
    expect(() => tagFor("1.0.0", odd, undefined)).toThrow(/by hand/)
  })
})

test("the page has the tag alone on its first line", () => {
  const page = nextPage(next(["fix: a", "docs: b"]))
  expect(page.title).toBe("v1.2.1")
  expect(page.facts).toContainEqual(["after", "v1.2.0"])
  expect(page.tables).toEqual([
    [
      ["commit", "asks for", "subject"],
      [id(0).slice(0, 9), "patch", "fix: a"],
    ],
  ])
  const many = next(Array(23).fill("fix: a"), { tags: [] })
  expect(nextPage(many).facts).toContainEqual(["after", "the beginning"])
  expect(nextPage(many).tables[0]).toHaveLength(21)
  expect(nextPage(many).notes).toEqual(["3 more commits ask for the same."])
})
