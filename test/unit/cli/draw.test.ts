import { stripVTControlCharacters } from "node:util"
import { describe, expect, test } from "vitest"
import { draw } from "../../../engine/cli/draw.js"
import { duration, oneLine, printable } from "../../../engine/cli/text.js"
import {
  begin,
  end,
  enter,
  happened,
  type Tree,
} from "../../../engine/cli/tree.js"
import type { ProgressEvent } from "../../../engine/progress.js"

const wide = { columns: 80, color: false }

/** A call that has built, and now tests beside a service. */
function example(): Tree {
  const events: [number, ProgressEvent][] = [
    [1100, { id: "a", name: "python\n  build.py", state: "started" }],
    [1200, { id: "s", name: "pypiserver", state: "started" }],
    [3100, { id: "a", name: "", state: "done", milliseconds: 2000 }],
    [3200, { id: "b", name: "uv sync", state: "cached" }],
    [3300, { id: "t", name: "pytest", state: "started" }],
    [4000, { id: "t", name: "pytest", state: "output", line: "1 passed" }],
    [4100, { id: "t", name: "pytest", state: "output", line: "" }],
  ]
  return events.reduce(
    (tree, [now, event]) => happened(tree, event, now),
    enter(begin("reading greeter", 0), "publish", 1000),
  )
}

describe("a tree", () => {
  test("has stages, their steps, and the last line of what runs", () => {
    expect(draw(example(), wide, 5000)).toEqual([
      "✔ reading greeter 1.0s",
      "⠋ publish 4.0s, 1 done, 1 cached",
      "  ✔ python build.py 2.0s",
      "  ⠋ pypiserver 3.8s",
      "  = uv sync cached",
      "  ⠋ pytest 1.7s",
      "    │ 1 passed",
    ])
  })

  test("says at its end what failed, and what was left", () => {
    const failed = happened(
      example(),
      { id: "t", name: "pytest", state: "failed", milliseconds: 900 },
      5000,
    )
    expect(draw(end(failed, true, 5000), wide, 9000).slice(1)).toEqual([
      "✘ publish 4.0s, 1 done, 1 cached, 1 failed",
      "  ✔ python build.py 2.0s",
      "  · pypiserver 3.8s",
      "  = uv sync cached",
      "  ✘ pytest 0.9s",
      "    │ 1 passed",
    ])
  })

  test("drops what is over where there are too few rows", () => {
    expect(draw(example(), { ...wide, rows: 6 }, 5000)).toEqual([
      "· 2 more",
      "✔ reading greeter 1.0s",
      "⠋ publish 4.0s, 1 done, 1 cached",
      "  ⠋ pypiserver 3.8s",
      "  ⠋ pytest 1.7s",
      "    │ 1 passed",
    ])
    expect(draw(example(), { ...wide, rows: 3 }, 5000)).toEqual([
      "· 5 more",
      "  ⠋ pytest 1.7s",
      "    │ 1 passed",
    ])
    expect(draw(example(), { ...wide, rows: 1 }, 5000)).toEqual([
      "· 6 more",
      "    │ 1 passed",
    ])
  })

  test.each([20, 40, 80, 160])("fits a width of %i", (columns) => {
    const name = "python /tools/漢字漢字.py --root /src ".repeat(6)
    const line = `${"▁▂▃ ".repeat(30)}\t100%`
    const tree = [
      { id: "1", name, state: "started" } as const,
      { id: "1", name, state: "output", line } as const,
    ].reduce((t, event) => happened(t, event, 0), begin("build", 0))
    const lines = draw(tree, { columns, color: false }, 0)
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/….*0\.0s$/)
    for (const drawn of lines) {
      // A Chinese character takes two columns.
      const width = drawn.length + (drawn.match(/[漢字]/g) ?? []).length
      expect(width).toBeLessThanOrEqual(columns)
    }
  })

  test("has the same texts in colour", () => {
    const plain = draw(example(), wide, 5000)
    const color = draw(example(), { ...wide, color: true }, 5000)
    expect(color.map(stripVTControlCharacters)).toEqual(plain)
    expect(color[0]).toBe(
      "\u001b[32m✔\u001b[0m reading greeter \u001b[2m1.0s\u001b[0m",
    )
    expect(color[6]).toBe("    \u001b[2m│\u001b[0m \u001b[2m1 passed\u001b[0m")
  })

  test("does not change when a step starts that ran before", () => {
    const again = happened(
      example(),
      { id: "a", name: "python build.py", state: "started" },
      5000,
    )
    expect(again.stage.steps.filter(({ id }) => id === "a")).toHaveLength(2)
  })
})

describe("texts", () => {
  test.each([
    ["\u001b[31mred\u001b[0m ", "red"],
    [" 10%\r 90%\r", " 90%"],
    ["a\tb\u0007", "a  b"],
    ["", ""],
  ])("of commands are made printable: %j", (text, printed) => {
    expect(printable(text)).toBe(printed)
  })

  test.each([
    [50, "0.1s"],
    [59_940, "59.9s"],
    [60_000, "1m 00s"],
    [125_000, "2m 05s"],
  ])("of durations: %i is %s", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })

  test("of many lines become one", () => {
    expect(oneLine(" a\n  b ")).toBe("a b")
  })
})
