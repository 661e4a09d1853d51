import { expect, test } from "vitest"
import { ends, promised } from "../../../dagger/src/interpreters.js"

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
])("%j with classifiers %j promises %s", (range, pythons, expected) => {
  expect(about(range, ...pythons)).toBe(expected)
})

const has =
  (...pythons: string[]) =>
  async (python: string) =>
    pythons.includes(python)

test("the lowest and the highest are those that are to be had", async () => {
  const all = ["3.8", "3.9", "3.10", "3.11"]
  expect(await ends(all, has("3.9", "3.10"))).toEqual(["3.9", "3.10"])
  expect(await ends(all, has("3.10"))).toEqual(["3.10"])
  expect(await ends(all, has())).toEqual([])
})
