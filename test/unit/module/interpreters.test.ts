import { describe, expect, test } from "vitest"
import {
  availability,
  ends,
  promised,
} from "../../../dagger/src/interpreters.js"

const about = (requiresPython: string, ...pythons: string[]) =>
  promised({ requiresPython, pythons, extras: [] }).join(" ")

test.each([
  ["", [], "3.8 3.9 3.10 3.11 3.12 3.13 3.14"],
  [">=3.12", [], "3.12 3.13 3.14"],
  [">=3.10", ["3.11", "3.12"], "3.10 3.11 3.12"],
  ["", ["3.11", "3.9"], "3.9 3.10 3.11"],
  [">=3.9.2,<3.12", [], "3.9 3.10 3.11"],
  [">=3.9,<=3.11", [], "3.9 3.10 3.11"],
  [">=3.8,!=3.9.*,<3.11", [], "3.8 3.10"],
  ["<3", [], ""],
  [">=3.7", ["3.7", "3.9"], "3.7 3.8 3.9"],
  [">=3.13", ["3.13", "3.15"], "3.13 3.14 3.15"],
])("%j with classifiers %j promises %s", (range, pythons, expected) => {
  expect(about(range, ...pythons)).toBe(expected)
})

describe("of 3.8 to 3.11", () => {
  const all = ["3.8", "3.9", "3.10", "3.11"]
  const having = (...pythons: string[]) =>
    ends(all, async (python) => pythons.includes(python))

  test("the lowest and the highest are those that are to be had", async () => {
    expect(await having("3.9", "3.10")).toEqual({
      pythons: ["3.9", "3.10"],
      lacking: ["3.8", "3.11"],
    })
  })

  test("one may be both", async () => {
    expect((await having("3.10")).pythons).toEqual(["3.10"])
  })

  test("what lies between the ends is not asked for", async () => {
    expect((await having("3.8", "3.11")).lacking).toEqual([])
  })

  test("all may be lacking", async () => {
    expect(await having()).toEqual({ pythons: [], lacking: all })
  })
})

test("an interpreter is asked for once, and not where no tool runs", async () => {
  const asked: string[] = []
  const available = availability(async (python) => {
    asked.push(python)
    if (python === "3.14") throw new Error("no such image")
  })
  const answers = ["3.9", "3.14", "3.9", "3.7", "3.15"].map(available)
  expect(await Promise.all(answers)).toEqual([true, false, true, false, false])
  expect(asked).toEqual(["3.9", "3.14"])
})
