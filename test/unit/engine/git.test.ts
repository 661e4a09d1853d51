import { expect, test } from "vitest"

import { remoteRepository } from "../../../engine/api/git.js"
import { scratch } from "../../../engine/filesystem/filesystem.js"
import {
  findRef,
  latestVersion,
  namesOf,
  readRefs,
} from "../../../engine/git/refs.js"
import {
  type Directory,
  type GitRepository,
  valueDigest,
} from "../../../engine/values/values.js"

const commit = (digit: string) => digit.repeat(40)

function refs(...names: string[]) {
  const lines = names.map((name, index) => `${commit(String(index))}\t${name}`)
  return readRefs(`ref: refs/heads/main\tHEAD\n${lines.join("\n")}\n`)
}

const some = refs(
  ...["HEAD", "refs/heads/main", "refs/heads/topics/one"],
  ...["refs/tags/one", "refs/tags/one^{}", "refs/tags/main"],
)

test.each([
  ["HEAD", "refs/heads/main", "1"],
  ["topics/one", "refs/heads/topics/one", "2"],
  ["one", "refs/tags/one", "4"],
  // A tag comes before a branch of its name.
  ["main", "refs/tags/main", "5"],
  ["refs/heads/main", "refs/heads/main", "1"],
])("%s is %s", (name, full, digit) => {
  expect(findRef(some, name)).toEqual({ name: full, commit: commit(digit) })
})

test("a commit is itself", () => {
  const name = commit("a")
  expect(findRef(some, name)).toEqual({ name, commit: name })
})

test("HEAD on no branch is HEAD", () => {
  const detached = readRefs(`${commit("7")}\tHEAD\n`)
  expect(findRef(detached, "HEAD")).toEqual({
    ...{ name: "HEAD", commit: commit("7") },
  })
})

test("a name that is not there is said", () => {
  expect(() => findRef(some, "nope")).toThrow(
    'The repository does not contain ref "nope".',
  )
})

test("names are those that a pattern fits, or all", () => {
  expect(namesOf(some, "heads", undefined)).toEqual(["main", "topics/one"])
  expect(namesOf(some, "tags", null)).toEqual(["one", "one", "main"])
  expect(namesOf(some, "tags", ["refs/tags/m*"])).toEqual(["main"])
  expect(namesOf(some, "heads", ["one"])).toEqual(["topics/one"])
})

test.each([
  ["v1.9.0", ["v1.9.0", "v1.10.0-rc.1", "nightly", "v1.2"], "v1.10.0-rc.1"],
  ["releases", ["v1.0.0-rc.1", "v1.0.0"], "v1.0.0"],
  ["releases first", ["v1.0.0", "v1.0.0-rc.1"], "v1.0.0"],
  ["numbers", ["1.0.0-rc.9", "1.0.0-rc.10"], "1.0.0-rc.10"],
  ["words", ["1.0.0-alpha", "1.0.0-beta"], "1.0.0-beta"],
  ["words backwards", ["1.0.0-beta", "1.0.0-alpha"], "1.0.0-beta"],
  ["words after numbers", ["1.0.0-a", "1.0.0-1"], "1.0.0-a"],
  ["numbers before words", ["1.0.0-1", "1.0.0-a"], "1.0.0-a"],
  ["longer ones", ["1.0.0-a.1", "1.0.0-a"], "1.0.0-a.1"],
  ["shorter ones", ["1.0.0-a", "1.0.0-a.1"], "1.0.0-a.1"],
  ["equal ones", ["1.0.0+a", "1.0.0+b"], "1.0.0+b"],
])("the latest version, by %s", (_, tags, latest) => {
  const all = refs(...tags.map((tag) => `refs/tags/${tag}`))
  expect(latestVersion(all).name).toBe(`refs/tags/${latest}`)
})

test("a repository without versions has no latest", () => {
  expect(() => latestVersion(some)).toThrow(/no tag that is a version/)
})

test("a repository is fetched from the web", () => {
  const url = "https://example.org/x.git"
  expect(remoteRepository(url)).toEqual({ type: "GitRepository", source: url })
  expect(() => remoteRepository("file:///x")).toThrow(/asGit/)
})

test("equal repositories and refs have equal digests", () => {
  const directory: Directory = {
    type: "Directory",
    filesystem: scratch,
    path: "/",
  }
  const sources = ["https://example.org/x.git", directory] as const
  const digests = sources.flatMap((source) => {
    const repository: GitRepository = { type: "GitRepository", source }
    const found = { name: "refs/heads/main", commit: commit("1") }
    return [repository, { type: "GitRef" as const, repository, ...found }]
      .map((value) => [value, { ...value }].map(valueDigest))
      .map(([one, other]) => {
        expect(one).toBe(other)
        return one
      })
  })
  expect(new Set(digests).size).toBe(4)
})
