import { describe, expect, test } from "vitest"

import { filterFor, isEverything } from "../../../engine/filesystem/filter.js"
import {
  matches,
  matchesAny,
  mayMatchBelow,
  readPatterns,
} from "../../../engine/filesystem/pattern.js"

/** Whether a list of patterns matches a path or a folder above it. */
function match(patterns: string[], path: string): boolean {
  return matchesAny(readPatterns(patterns), path)
}

describe("patterns are those of .dockerignore:", () => {
  // The first column's expectations are those of moby/patternmatcher's own
  // documentation and of Go's filepath.Match.
  test.each([
    ["*.py", "a.py", true],
    ["*.py", "src/a.py", false],
    ["**/*.py", "a.py", true],
    ["**/*.py", "src/deep/a.py", true],
    ["src/**", "src/a/b", true],
    ["src/**/x", "src/x", true],
    ["src/**/x", "src/a/b/x", true],
    ["src/**/x", "srcx", false],
    ["src", "src/a/b", true],
    ["src/", "src/a", true],
    ["/src", "src/a", true],
    ["./src", "src", true],
    ["a/../src", "src", true],
    ["?at", "cat", true],
    ["?at", "at", false],
    ["[ab]x", "bx", true],
    ["[^ab]x", "bx", false],
    ["[a-c]x", "cx", true],
    ["a[b", "a[b", true],
    ["a\\*", "a*", true],
    ["a\\*", "ab", false],
    ["a**b", "axyb", true],
    [".git*", ".gitignore", true],
    ["a.b", "axb", false],
    ["a+(b)|c{1}$^", "a+(b)|c{1}$^", true],
  ])("%j and %j: %s", (pattern, path, expected) => {
    expect(match([pattern], path)).toBe(expected)
  })

  test("the last one that matches decides, ! takes back", () => {
    const patterns = ["*", "!keep", "keep/not"]
    expect(match(patterns, "other")).toBe(true)
    expect(match(patterns, "keep/this")).toBe(false)
    expect(match(patterns, "keep/not")).toBe(true)
  })

  test("blank ones count for nothing", () => {
    expect(readPatterns(["", " ", "/", "!"])).toEqual([])
    expect(match([], "a")).toBe(false)
  })

  test("matches() is about the path itself", () => {
    const [pattern] = readPatterns(["src"])
    expect(pattern && matches(pattern, "src/a")).toBe(false)
  })

  test.each([
    ["src/*.py", "src", true],
    ["src/*.py", "lib", false],
    ["**/x", "any/thing", true],
    ["src/pkg/x", "src/pkg", true],
    ["src/*/x", "src/pkg", true],
    ["src", "src/deep", true],
  ])("%j may match below %j: %s", (text, folder, expected) => {
    const [pattern] = readPatterns([text])
    expect(pattern && mayMatchBelow(pattern, folder)).toBe(expected)
  })
})

describe("a selection", () => {
  test("is everything when nothing is said", () => {
    expect(isEverything({})).toBe(true)
    expect(isEverything({ exclude: [], include: [], gitignore: false })).toBe(
      true,
    )
    expect(isEverything({ exclude: ["a"] })).toBe(false)
    expect(isEverything({ include: ["a"] })).toBe(false)
    expect(isEverything({ gitignore: true })).toBe(false)
  })

  test("does not look into what can have nothing in it", () => {
    const filter = filterFor(
      { exclude: ["node_modules"], include: ["src/*.py", "README"] },
      "/nowhere",
    )
    expect(filter("node_modules", true)).toEqual({
      keep: false,
      descend: false,
    })
    expect(filter("docs", true)).toEqual({ keep: false, descend: false })
    expect(filter("src", true)).toEqual({ keep: false, descend: true })
    expect(filter("src/a.py", false)).toEqual({ keep: true, descend: false })
  })

  test("looks into what is left out for what is taken back", () => {
    const filter = filterFor({ exclude: ["out", "!out/keep"] }, "/nowhere")
    expect(filter("out", true)).toEqual({ keep: false, descend: true })
    expect(filter("out/keep", false).keep).toBe(true)
    expect(filter("out/other", true)).toEqual({ keep: false, descend: false })
  })
})
