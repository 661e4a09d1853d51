import { describe, expect, test } from "vitest"

import type { LogCommit } from "../../../../dagger/src/next-version/commits.js"
import {
  prepareForward,
  withNotes,
} from "../../../../dagger/src/rollback/forward.js"

/** Commits, the newest first, with ids such as `1111…`. */
const log = (...messages: string[]): LogCommit[] =>
  messages.map((message, place) => ({
    ...{ id: String(messages.length - place).repeat(40), message },
    parents: message.startsWith("Merge") ? ["a", "b"] : ["a"],
  }))

const prepare = (version: string, commits: LogCommit[], taken: string[] = []) =>
  prepareForward({
    ...{ version, tag: `v${version}`, taken, commits },
    spell: (it) => `v${it}`,
  })

const tags = (version: string, ...taken: string[]) =>
  prepare(version, [], taken).map((it) => it.tag)

describe("the next releases after a bad one", () => {
  test.each([
    ["1.2.0", [], ["v1.2.0.post1", "v1.2.1"]],
    ["1.2.0", ["1.2.1", "1.2.2", "1.2.0.post1"], ["v1.2.0.post2", "v1.2.3"]],
    ["1.2.0.post1", [], ["v1.2.0.post2", "v1.2.1"]],
    ["1.2.0rc1", ["1.2.0rc2"], ["v1.2.0rc3"]],
    ["1.2.0.dev3", [], []],
  ])("%s, with %j taken, are %j", (version, taken, expected) => {
    expect(tags(version, ...taken)).toEqual(expected)
  })

  test("begin with work, where no commit mends anything", () => {
    const [post, patch] = prepare("1.2.0", log("docs: say more"))
    expect(post?.commands).toEqual([
      "# mend the packaging alone, and commit it",
      "git tag v1.2.0.post1 && git push origin v1.2.0.post1",
    ])
    expect(patch?.commands[0]).toMatch(/^git revert COMMIT/)
  })

  test("are at HEAD, where nothing else came since", () => {
    const since = log("ci: faster", "Merge branch 'a'", 'Revert "feat: b"')
    const [post, patch] = prepare("1.2.0", since)
    expect(patch?.commands).toEqual([
      "git tag v1.2.1 && git push origin v1.2.1",
    ])
    expect(patch?.skip).toEqual([since[0]?.id, since[1]?.id])
    // Its code would be another.
    expect(post?.commands[0]).toBe("git switch -c mend-v1.2.0.post1 v1.2.0")
    expect(post?.skip).toHaveLength(3)
  })

  test("are on a branch with what mends it, where more came since", () => {
    const since = log(
      ...["feat: more", "build: add the readme", "fix(core): mend"],
      ...["fix(wheel): ship the data", "Fixes a typo (#3)"],
    )
    const [post, patch] = prepare("1.2.0", since)
    expect(post?.commands).toEqual([
      "git switch -c mend-v1.2.0.post1 v1.2.0",
      `git cherry-pick ${"2".repeat(9)} ${"4".repeat(9)}`,
      "git tag v1.2.0.post1 && git push origin v1.2.0.post1",
    ])
    expect(patch?.commands[1]).toBe(
      `git cherry-pick ${[1, 2, 3, 4].map((it) => `${it}`.repeat(9)).join(" ")}`,
    )
    expect(patch?.skip).toEqual(["5".repeat(40)])
  })

  test("have nothing of what was taken back again", () => {
    const [fix] = log("fix: mend")
    const revert = `Revert "fix: mend"\n\nThis reverts commit ${fix?.id}.`
    const undo = { id: "2".repeat(40), message: revert, parents: ["1"] }
    const [, patch] = prepare("1.2.0", [undo, ...(fix ? [fix] : [])])
    expect(patch?.skip).toHaveLength(2)
    expect(patch?.commands[0]).toMatch(/^git revert COMMIT/)
  })
})

test("notes say what is replaced, and what the commits did", () => {
  const [post, patch] = prepare("1.2.0", [])
  expect(post && withNotes(post, "")).toEqual({
    ...{ tag: "v1.2.0.post1", when: "Where the packaging is wrong" },
    commands: post?.commands,
    notes: "The packaging of 1.2.0 is mended; the code is the same.",
  })
  expect(patch && withNotes(patch, "### Fixed\n\n- A").notes).toBe(
    "Replaces 1.2.0, which is not to be used.\n\n### Fixed\n\n- A",
  )
})
