import { describe, expect, test } from "vitest"

import type { LogCommit } from "../../../../dagger/src/next-version/commits.js"
import { standing } from "../../../../dagger/src/next-version/reverts.js"
import { id, log } from "./log.js"

const left = (commits: LogCommit[]) =>
  standing(commits).commits.map((it) => it.message.split("\n")[0])

describe("what was reverted does not stand, nor its revert:", () => {
  const rows: [string, string][] = [
    ["git's words", `Revert "feat: a"\n\nThis reverts commit ${id(0)}.`],
    ["an id cut short", `Revert "feat: a"\n\nThis reverts commit ${id(0)}`],
    ["the convention's footer", `revert: undo it\n\nRefs: ${id(0)}`],
    ["the subject alone", 'Revert "feat: a"'],
    ["the subject after a type", "revert: feat: a"],
    ["a subject of another kind", `Oh no\n\nThis reverts commit ${id(0)}.`],
  ]
  test.each(rows)("%s", (_, message) => {
    expect(left(log("feat: a", "fix: b", message))).toEqual(["fix: b"])
  })

  test("several, in one footer", () => {
    const message = `revert: both\n\nRefs: ${id(0)}, ${id(1)}`
    expect(left(log("feat: a", "feat: b", "fix: c", message))).toEqual([
      "fix: c",
    ])
  })

  test("a pull request, by its number", () => {
    const message = 'Revert "feat: a (#7)" (#8)\n\nReverts me/house#7'
    expect(left(log("feat: b (#17)", "feat: A (#7)", message))).toEqual([
      "feat: b (#17)",
    ])
  })

  test("by its subject, only the last commit that had it", () => {
    expect(left(log("feat: a", "feat: a", 'Revert "feat: a"'))).toEqual([
      "feat: a",
    ])
  })
})

test("the revert of a revert brings the commit back", () => {
  const first = `Revert "feat: a"\n\nThis reverts commit ${id(0)}.`
  const second = `Reapply "feat: a"\n\nThis reverts commit ${id(1)}.`
  expect(left(log("feat: a", first, second))).toEqual(["feat: a"])
})

test("the revert of a released commit stands", () => {
  const message = `Revert "feat: old"\n\nThis reverts commit ${id(99)}.`
  expect(left(log("fix: a", message))).toEqual(['Revert "feat: old"', "fix: a"])
  expect(standing(log("fix: a", message)).undone).toEqual([])
})

test("the revert of a merge takes back what it brought", () => {
  const commits: LogCommit[] = [
    { id: "d4d4d4d4", parents: ["c3c3c3c3"], message: "" },
    { id: "c3c3c3c3", parents: ["a1a1a1a1", "b2b2b2b2"], message: "Merge x" },
    { id: "b2b2b2b2", parents: ["00000000"], message: "feat: side" },
    { id: "a1a1a1a1", parents: ["00000000"], message: "fix: main" },
  ]
  const revert = commits[0] as LogCommit
  revert.message =
    'Revert "Merge x"\n\nThis reverts commit c3c3c3c3, reversing\nchanges made to a1a1a1a1.'
  expect(left(commits)).toEqual(["fix: main"])
  expect(standing(commits).undone).toHaveLength(3)
})
