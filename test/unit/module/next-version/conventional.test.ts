import { describe, expect, test } from "vitest"

import {
  askedBy,
  higher,
  type Level,
} from "../../../../dagger/src/next-version/conventional.js"

const asked = (message: string, parents = 1) =>
  askedBy({ id: "a", parents: Array(parents).fill("b"), message })

describe("a commit asks for", () => {
  const rows: [Level, string][] = [
    ["minor", "feat: add a door"],
    ["minor", "Feat(house): add a door"],
    ["patch", "fix: mend the door"],
    ["patch", "perf(door): open faster"],
    ["patch", "revert: feat: add a door"],
    ["patch", "security: lock the door"],
    ["none", "docs: tell of the door"],
    ["none", "chore(deps): renew hinges"],
    ["major", "feat!: turn the door"],
    ["major", "docs(house)!: say that it is gone"],
    ["major", "fix: mend\n\nBREAKING CHANGE: opens outwards"],
    ["major", "fix: mend\n\nBREAKING-CHANGE: opens outwards"],
    ["major", "fix: mend\r\n\r\nBREAKING CHANGE: opens outwards\r\n"],
  ]
  test.each(rows)("%s: %j", (level, message) => {
    expect(asked(message)).toEqual({ level, conventional: true })
  })

  const odd = ["Mend the door", "fix mend", "feat:", "feat:x", "", "a b: c"]
  test.each(odd)("patch, not conventional: %j", (message) => {
    expect(asked(message)).toEqual({ level: "patch", conventional: false })
  })

  test("a breaking change in a footer counts in whatever commit", () => {
    const message = "Turn the door\n\nBREAKING CHANGE: it opens outwards"
    expect(asked(message)).toEqual({ level: "major", conventional: false })
    const words = "fix: mend\n\nThis is no breaking change: nobody sees it"
    expect(asked(words).level).toBe("patch")
    expect(asked("fix: mend\n\nBREAKING CHANGE:").level).toBe("patch")
  })
})

describe("a squash merge asks for", () => {
  test("the most of what is listed in it", () => {
    const message = "fix: doors (#12)\n\n* docs: a\n\n* feat(x): b\n\n- fix: c"
    expect(asked(message).level).toBe("minor")
    expect(asked(message.replace("feat(x)", "feat!")).level).toBe("major")
    expect(asked("Doors (!12)\n\n* feat: b")).toEqual({
      level: "minor",
      conventional: true,
    })
  })

  test("a list in another commit is prose", () => {
    expect(asked("fix: doors\n\n* feat: not this time").level).toBe("patch")
  })
})

describe("a merge", () => {
  const merge = (message: string) => asked(message, 2)

  test("that says nothing itself asks for nothing", () => {
    const nothing = { level: "none", conventional: true }
    expect(merge("Merge branch 'door'")).toEqual(nothing)
    expect(merge("Merge pull request #3 from a/door\n\nAdd a door")).toEqual(
      nothing,
    )
    expect(merge("Merge remote-tracking branch 'x'")).toEqual(nothing)
  })

  test("asks for what the title of its pull request says", () => {
    const title = "Merge pull request #3 from a/door\n\nfeat!: add a door"
    expect(merge(title).level).toBe("major")
    const gitlab =
      "Merge branch 'x' into 'main'\n\nfeat: door\n\nSee merge request a!3"
    expect(merge(gitlab).level).toBe("minor")
    expect(merge("Merge branch 'x'\n\nBREAKING CHANGE: y").level).toBe("major")
  })

  test("with a subject of its own is a commit like any other", () => {
    expect(merge("feat: add a door (#3)").level).toBe("minor")
    expect(asked("Merge branch 'x'").level).toBe("patch")
  })
})

test("levels have an order", () => {
  expect(higher("none", "patch")).toBe("patch")
  expect(higher("major", "minor")).toBe("major")
  expect(higher("patch", "patch")).toBe("patch")
})
