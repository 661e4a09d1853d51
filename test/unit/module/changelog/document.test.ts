import { describe, expect, test } from "vitest"

import {
  bodyOf,
  extendDocument,
  linkOf,
  type Notes,
  newHead,
} from "../../../../dagger/src/changelog/extend.js"
import { forgeOf } from "../../../../dagger/src/changelog/forge.js"
import {
  mergeBodies,
  readDocument,
  writeDocument,
} from "../../../../dagger/src/changelog/sections.js"

const forge = forgeOf("a/b", null)

const notes = (version: string | null, after: string | null, body = "") =>
  ({
    ...{ version, after, body, time: 1_700_000_000 },
    tag: version === null ? "HEAD" : `v${version}`,
  }) satisfies Notes

const WRITTEN = `# Changelog

Written by hand, \`as I like it\`.

## [Unreleased]

### Added

- A door
  of two lines

### Fixed

- A window

## [1.0.0] - 2020-01-01

First  one.

[unreleased]: https://x.example/compare/v1.0.0...HEAD
[1.0.0]: https://x.example/tag/v1.0.0
[paint]: https://paint.example
`

const extend = (text: string, ...all: Notes[]) =>
  writeDocument(extendDocument(readDocument(text), all, forge))

test("a changelog is read and written word by word", () => {
  expect(writeDocument(readDocument(WRITTEN))).toBe(WRITTEN)
  expect(writeDocument(readDocument(""))).toBe("\n")
  expect(readDocument("# A\n\n## v1.2 (today)").sections).toEqual([
    { name: "1.2", heading: "## v1.2 (today)", body: "" },
  ])
})

describe("versions are found under headings of any form", () => {
  const names = (text: string) =>
    readDocument(text).sections.map(({ name }) => name)
  test.each([
    [
      "# Changes\n\n## Version 1.1.0\n\n### Added\n\n## Notes",
      ["1.1.0", "Notes"],
    ],
    ["# Changes\n\n# 1.1.0\n\n## Added\n\n# release v1.0", ["1.1.0", "1.0"]],
    ["# 1.1.0 - A title\n\n# 2 doors", ["1.1.0"]],
    [
      "Changes\n=====\n\n1.1.0 (2020-01-01)\n---\n\nx\n\n1.0\n----",
      ["1.1.0", "1.0"],
    ],
    ["unreleased\n===\n\n1.1.0\n===", ["Unreleased", "1.1.0"]],
    [
      "## [1.1.0](https://x.example) (2020-01-01)\n### 1.0.1 (2020-01-01)\n### 3.11",
      ["1.1.0", "1.0.1"],
    ],
    ["# Changes\n\nBelow\n\n---\n\n## 1.0: x\n", ["1.0"]],
    ["# Changes\n\n## ]\n\n### Python 3.11 comes", []],
  ])("%j", (text, expected) => {
    expect(names(text)).toEqual(expected)
  })

  test.each([
    ["## Version 1.0.0", "## Version [1.1.0] - 2023-11-14"],
    ["# v1.0.0", "# [1.1.0] - 2023-11-14"],
    ["## Unreleased\n\n1.0\n---", `[1.1.0] - 2023-11-14\n${"-".repeat(20)}`],
    ["# Unreleased", "# [1.1.0] - 2023-11-14"],
  ])("%j, and new ones are like it", (old, heading) => {
    const text = extend(`# C\n\n${old}\n\nx\n`, notes("1.1.0", "v1.0.0", "y"))
    expect(text).toContain(`${heading}\n\n`)
    const coming = notes(null, "v1.0.0", "z")
    const all = extend(text, coming, notes("1.1.0", "v1.0.0", "y"))
    expect(all.match(/1\.1\.0\]? - /g)).toHaveLength(1)
    expect(all.indexOf("z")).toBeLessThan(all.indexOf("1.1.0"))
    expect(extend(all, coming, notes("1.1.0", "v1.0.0", "y"))).toBe(all)
  })

  test("and lines end as they did", () => {
    const text = WRITTEN.replaceAll("\n", "\r\n")
    expect(writeDocument(readDocument(text))).toBe(text)
    expect(readDocument(text).sections[1]?.body).toBe("First  one.")
  })
})

describe("extending", () => {
  test("writes a new one with every release", () => {
    const text = extend(
      newHead("demo"),
      notes(null, "v1.1.0", "### Fixed\n\n- c"),
      notes("1.1.0", "v1.0.0", "### Added\n\n- b"),
      notes("1.0.0", null),
    )
    expect(text).toBe(`# Changelog

All notable changes of demo. The form is
[Keep a Changelog](https://keepachangelog.com/en/1.1.0/).

## [Unreleased]

### Fixed

- c

## [1.1.0] - 2023-11-14

### Added

- b

## [1.0.0] - 2023-11-14

Nothing that people who install it would notice.

[Unreleased]: https://github.com/a/b/compare/v1.1.0...HEAD
[1.1.0]: https://github.com/a/b/compare/v1.0.0...v1.1.0
[1.0.0]: https://github.com/a/b/releases/tag/v1.0.0
`)
  })

  test("adds a release, with what was written under Unreleased first", () => {
    const body = "### Changed\n\n- c\n\n### Fixed\n\n- f"
    const text = extend(WRITTEN, notes("1.1.0", "v1.0.0", body))
    expect(text).toContain(`# Changelog

Written by hand, \`as I like it\`.

## [Unreleased]

## [1.1.0] - 2023-11-14

### Added

- A door
  of two lines

### Fixed

- A window
- f

### Changed

- c

## [1.0.0] - 2020-01-01

First  one.

[1.1.0]: https://github.com/a/b/compare/v1.0.0...v1.1.0
[unreleased]: https://x.example/compare/v1.0.0...HEAD
`)
    expect(text).toContain("[paint]: https://paint.example")
  })

  test("adds to Unreleased what is not there yet, once", () => {
    const coming = notes(null, "v1.0.0", "### Fixed\n\n- A window\n- f")
    const once = extend(WRITTEN, coming)
    expect(once).toContain("- A window\n- f\n\n## [1.0.0]")
    expect(once).toContain("[Unreleased]: https://github.com/a/b/compare")
    expect(once).not.toContain("[unreleased]")
    expect(extend(once, coming)).toBe(once)
  })

  test("leaves releases alone that are there, or below them", () => {
    const same = [notes("1.0.0", "v0.9", "x"), notes("0.9", null, "y")]
    expect(extend(WRITTEN, ...same)).toBe(WRITTEN)
  })

  test("says of a release with nothing in it that there is nothing", () => {
    const text = extend("# C", notes("1.1", "v1.0"), notes("1.0", null, "x"))
    expect(text).toContain("## [1.1] - 2023-11-14\n\nNothing that people who")
  })

  test("without a forge has no links", () => {
    const document = readDocument("# C")
    const added = extendDocument(document, [notes("1.0", null, "x")], null)
    expect(writeDocument(added)).toBe("# C\n\n## 1.0 - 2023-11-14\n\nx\n")
  })

  test("shows no Unreleased where nothing is, and there was none", () => {
    expect(extend("# C", notes(null, "v1.0"))).toBe("# C\n")
  })
})

test("bodies are merged group by group", () => {
  expect(mergeBodies("", "x")).toBe("x")
  expect(mergeBodies("x", "")).toBe("x")
  expect(mergeBodies("Prose.\n\n### added\n- a", "### Added\n\n- b")).toBe(
    "Prose.\n\n### added\n- a\n- b",
  )
  expect(mergeBodies("- a", "### Fixed\n\n")).toBe("- a")
})

test("a release is found by version, however it is spelled", () => {
  const document = readDocument("## v1.0\n\nx\n\n## Notes\n\ny")
  expect(bodyOf(document, "1.0.0")).toBe("x")
  expect(bodyOf(document, "2.0")).toBeUndefined()
})

test("the first, unreleased, compares with nothing", () => {
  if (forge === null) throw new Error("a/b is a repository")
  expect(linkOf(notes(null, null), forge)).toMatch(/compare\/\.\.\.HEAD$/)
})
