import { describe, expect, test } from "vitest"
import type { Commit } from "../../../dagger/src/facts.js"
import { readHoldings } from "../../../dagger/src/holdings.js"
import { type NoticeFacts, notices } from "../../../dagger/src/notice.js"
import { readProject } from "../../../dagger/src/project.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const project = readProject(factsWith(SETUPTOOLS_SCM), ".")
const fixed = { ...project, version: "1.0" }
const plain: NoticeFacts = {
  project,
  commit: { ...(GIT as Commit), tagsBehind: ["v1.0"] },
  build: { kind: "branch", branch: "main" },
  counted: { version: "1.1.dev2+g1", tag: "v1.0", distance: 2, guessed: false },
  held: null,
}
const said = (changes: Partial<NoticeFacts>, git: Partial<Commit> = {}) => {
  const facts = { ...plain, ...changes }
  return notices({ ...facts, commit: { ...facts.commit, ...git } })
}
const held = (...versions: string[]) => {
  const files = versions.map((it) => ({
    name: `demo-${it}.tar.gz`,
    yanked: false,
  }))
  return readHoldings({ simple: "https://x/", files }, "1.1.dev2")
}

test("an ordinary commit needs no notice", () => {
  expect(notices(plain)).toEqual([])
  expect(said({ held: held("1.0", "1.1.dev1") })).toEqual([])
})

describe("notice is given of", () => {
  test("edits", () => {
    expect(said({}, { edited: ["a.py"] })).toEqual([
      expect.stringMatching(/a\.py changed\. It is never published/),
    ])
  })

  test("no tag at all: the tag to make", () => {
    const counted = { ...plain.counted, version: "0.1.0.dev7+g1", tag: null }
    expect(said({ counted }, { tagsBehind: [] })[0]).toMatch(
      /git tag v0\.1\.0 && git push origin v0\.1\.0/,
    )
    expect(said({ project: fixed }, { tagsBehind: [] })).toEqual([])
  })

  test("tags that are passed over, and what was meant", () => {
    const tagsBehind = ["v1", "v1.0", "v1.0-foo", "latest"]
    expect(said({}, { tagsBehind })).toEqual([
      expect.stringMatching(/v1 \(v1\.0 is a release\), v1\.0-foo \(v1\.0 is/),
    ])
    expect(said({ project: fixed }, { tagsBehind })).toEqual([])
  })

  test("a scheme that another had to stand in for", () => {
    const settings = { version_scheme: "only-version" }
    const counted = { ...plain.counted, guessed: true }
    const own = said({ counted, project: { ...project, settings } })
    expect(own[0]).toMatch(/only-version gives no dev version.*after v1\.0/)
    const first = said({ counted: { ...counted, tag: null } })
    expect(first[0]).toMatch(/The project's scheme.*after the beginning/)
  })

  test("a scope of counting that is passed over", () => {
    const settings = { scm: { git: { distance_scope: true } } }
    expect(said({ project: { ...project, settings } })[0]).toMatch(
      /distance_scope is passed over/,
    )
  })

  test("a tag that is not on the default branch", () => {
    const build = { kind: "tag" as const, tag: "v1.0.1", version: "1.0.1" }
    const counted = { ...plain.counted, version: "1.0.1" }
    const defaultBranch = "refs/remotes/origin/main"
    const off = (git: Partial<Commit>) => said({ build, counted }, git)
    expect(off({ defaultBranch })[0]).toMatch(/v1\.0\.1 is not on main/)
    expect(off({ defaultBranch: "refs/heads/x/y" })[0]).toMatch(/not on x\/y/)
    expect(off({ defaultBranch, onDefaultBranch: true })).toEqual([])
    expect(off({})).toEqual([])
    expect(said({}, { defaultBranch })).toEqual([])
  })

  test("a version lower than the newest on the index", () => {
    expect(said({ held: held("1.1.dev3") })).toEqual([
      expect.stringMatching(/has 1\.1\.dev3, which is higher than 1\.1\.dev2/),
    ])
  })

  test("a version that the index has already", () => {
    expect(said({ held: held("1.1.dev2") })).toEqual([
      expect.stringMatching(/already: demo-1\.1\.dev2\.tar\.gz/),
    ])
  })
})
