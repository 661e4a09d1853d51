import { describe, expect, test } from "vitest"

import { forgeOf } from "../../../../dagger/src/changelog/forge.js"

describe("links lead to the page of", () => {
  const rows: [string, string | null, string | undefined][] = [
    ["a/b", null, "https://github.com/a/b/commit/"],
    ["a/b", "https://gitlab.com/c/d.git", "https://github.com/a/b/commit/"],
    ["", "https://github.com/a/b.git", "https://github.com/a/b/commit/"],
    ["", "https://github.com/a/b/", "https://github.com/a/b/commit/"],
    ["", "git@github.com:a/b.git", "https://github.com/a/b/commit/"],
    ["", "ssh://git@gitlab.com:22/a/b", "https://gitlab.com/a/b/-/commit/"],
    [
      "https://gitlab.example.org/a/b/c",
      null,
      "https://gitlab.example.org/a/b/c/-/commit/",
    ],
    ["https://bitbucket.org/a/b", null, "https://bitbucket.org/a/b/commits/"],
    [
      "https://me:canary@code.example.org/a/b",
      null,
      "https://code.example.org/a/b/commit/",
    ],
    ["", "/srv/git/a.git", undefined],
    ["", "https://", undefined],
    ["", null, undefined],
  ]
  test.each(rows)("%j, cloned from %j: %s", (given, remote, commit) => {
    expect(forgeOf(given, remote)?.commit).toBe(commit)
  })

  test("GitHub, for pull requests, tags and compare views", () => {
    expect(forgeOf("a/b", null)).toEqual({
      commit: "https://github.com/a/b/commit/",
      pull: "https://github.com/a/b/pull/",
      tag: "https://github.com/a/b/releases/tag/",
      compare: "https://github.com/a/b/compare/",
    })
  })
})

test("what is no repository is refused", () => {
  expect(() => forgeOf("nowhere", null)).toThrow(/Pass OWNER\/NAME/)
})
