import { describe, expect, test } from "vitest"

import {
  type BumpFacts,
  bumped,
  lastFinal,
  lastRelease,
  nextOf,
  wantedBy,
} from "../../../../dagger/src/next-version/bump.js"
import type { Level } from "../../../../dagger/src/next-version/conventional.js"

const releases = (versions: string) =>
  versions
    .split(" ")
    .filter((version) => version !== "")
    .map((version) => ({ tag: `v${version}`, version }))

const next = (versions: string, changes: Partial<BumpFacts> = {}) =>
  nextOf({
    ...{ wanted: "final", releases: releases(versions), cycles: [] },
    ...{ level: "patch", commits: 1, fresh: 1, taken: [], ...changes },
  })

describe("a level moves a version on", () => {
  const rows: [string, Level, string][] = [
    ["1.2.3", "patch", "1.2.4"],
    ["1.2.3", "none", "1.2.4"],
    ["1.2.3", "minor", "1.3.0"],
    ["1.2.3", "major", "2.0.0"],
    ["0.5.4", "patch", "0.5.5"],
    ["0.5.4", "minor", "0.6.0"],
    ["0.5.4", "major", "0.6.0"],
    ["1.2", "minor", "1.3.0"],
    ["1.2.3.post4", "patch", "1.2.4"],
    ["1!2.3.4", "minor", "1!2.4.0"],
    ["1.2.3.4", "patch", "1.2.4"],
  ]
  test.each(rows)("%s, %s: %s", (from, level, to) => {
    expect(bumped(from, level)).toBe(to)
  })
})

describe("a final release", () => {
  test("is 0.1.0 where there is none yet, whatever was done", () => {
    expect(next("", { level: "major" })).toBe("0.1.0")
    expect(next("", { commits: 0, fresh: 0 })).toBe("0.1.0")
  })

  test("is counted from the highest final one", () => {
    expect(next("1.0.0 0.9.0 1.2.0", { level: "minor" })).toBe("1.3.0")
  })

  test("promotes the pre-release on the way to it", () => {
    expect(next("0.5.4 0.6.0rc1 0.6.0a1", { level: "minor" })).toBe("0.6.0")
    expect(next("0.5.4 0.6.0rc1", { commits: 0, fresh: 0 })).toBe("0.6.0")
    expect(next("1.0.0a1")).toBe("1.0.0")
    expect(next("1.2.0 2.0.0rc1 2.0.0rc1.post1")).toBe("2.0.0")
  })

  test("goes beyond a pre-release where a commit asks for more", () => {
    expect(next("1.2.0 1.3.0rc1", { level: "major" })).toBe("2.0.0")
  })

  test("honours the start of a cycle", () => {
    expect(next("0.5.4", { cycles: ["0.7.0.dev0"] })).toBe("0.7.0")
    expect(next("0.8.0", { cycles: ["0.7.0.dev0"] })).toBe("0.8.1")
    expect(next("", { cycles: ["1!2.0.dev0"] })).toBe("1!2.0")
  })

  test("passes over what is taken, in any spelling", () => {
    const taken = ["0.6", "0.6.1"]
    expect(next("0.5.4", { level: "minor", taken })).toBe("0.6.2")
  })

  test("is refused where nothing came after the last", () => {
    expect(() => next("1.0.0", { commits: 0, fresh: 0 })).toThrow(
      /no commit came after v1\.0\.0.*--post/,
    )
  })
})

describe("a pre-release", () => {
  const pre = (versions: string, changes: Partial<BumpFacts> = {}) =>
    next(versions, { wanted: "beta", level: "minor", ...changes })

  test("is the first, or the next, of its kind", () => {
    expect(pre("")).toBe("0.1.0b1")
    expect(pre("1.2.0")).toBe("1.3.0b1")
    expect(pre("1.2.0 1.3.0b1")).toBe("1.3.0b2")
    expect(pre("1.2.0 1.3b9")).toBe("1.3b10")
    expect(pre("1.2.0 1.3.0a7")).toBe("1.3.0b1")
    expect(pre("1.2.0 1.3.0a7", { fresh: 0 })).toBe("1.3.0b1")
  })

  test("starts anew where a commit asks for more", () => {
    expect(pre("1.2.0 1.3.0rc2", { level: "major" })).toBe("2.0.0b1")
  })

  test("passes over what is taken", () => {
    expect(pre("1.2.0", { taken: ["1.3.0b1", "1.3.0.b2"] })).toBe("1.3.0b3")
  })

  test("is none of a version that is out, on whatever branch", () => {
    expect(pre("1.2.0", { taken: ["1.3"] })).toBe("1.3.1b1")
    expect(pre("1.2.0 1.3.0b4", { taken: ["1.3.0", "1.3.1"] })).toBe("1.3.2b1")
    expect(pre("1.2.0", { taken: ["1.3.0.post1"] })).toBe("1.3.1b1")
    expect(pre("1.2.0", { taken: ["1.3.0rc1"] })).toBe("1.3.0b1")
  })

  test("is refused where it would be lower than what is out", () => {
    expect(() => pre("1.2.0 1.3.0rc1")).toThrow(
      /v1\.3\.0rc1 is out, and --pre=beta would be lower \(1\.3\.0b1\)/,
    )
  })

  test("is refused where nothing came after the last", () => {
    const none = { fresh: 0, commits: 3 }
    expect(() => pre("1.2.0 1.3.0b1", none)).toThrow(/after v1\.3\.0b1/)
    expect(() => pre("1.2.0", { fresh: 0, commits: 0 })).toThrow(/after v1\.2/)
  })
})

describe("a post-release", () => {
  const post = (versions: string, changes: Partial<BumpFacts> = {}) =>
    next(versions, { wanted: "post", ...changes })

  test("is the next of the last final release", () => {
    expect(post("0.9.0 1.0.0")).toBe("1.0.0.post1")
    expect(post("1.0.0 1.0.0.post1")).toBe("1.0.0.post2")
    expect(post("1.0.0 1.0.0.post0", { fresh: 0 })).toBe("1.0.0.post1")
    expect(post("1.0.0", { taken: ["1.0.0.post1"] })).toBe("1.0.0.post2")
  })

  test("is refused without one, or with a pre-release on the way", () => {
    expect(() => post("1.0.0rc1")).toThrow(/no final release is behind HEAD/)
    expect(() => post("1.0.0 1.1.0a1")).toThrow(/would ship what 1\.1\.0a1 has/)
  })
})

test("the last releases are found by version", () => {
  expect(lastFinal(releases("1.9 1.10 2.0rc1"))?.tag).toBe("v1.10")
  expect(lastRelease(releases("1.9 1.10 2.0rc1"))?.tag).toBe("v2.0rc1")
  expect(lastFinal(releases("2.0rc1"))).toBeNull()
  expect(lastRelease([])).toBeNull()
})

test("--pre and --post say what is wanted", () => {
  expect(wantedBy("", false)).toBe("final")
  expect(wantedBy("rc", false)).toBe("rc")
  expect(wantedBy("", true)).toBe("post")
  expect(() => wantedBy("gamma", false)).toThrow(/alpha, beta, rc/)
  expect(() => wantedBy("rc", true)).toThrow(/do not go together/)
})
