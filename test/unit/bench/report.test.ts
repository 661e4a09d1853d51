import { describe, expect, test } from "vitest"

import { type Row, report } from "../../../bench/report.js"
import { ratios, spread } from "../../../bench/statistics.js"

describe("a spread", () => {
  test("has the middle figure of an odd number as its median", () => {
    expect(spread([3, 1, 2])).toEqual({ minimum: 1, median: 2, maximum: 3 })
  })
  test("has the mean of the two in the middle of an even number", () => {
    expect(spread([4, 1, 3, 2]).median).toBe(2.5)
  })
  test("leaves the figures as they were", () => {
    const figures = [2, 1]
    spread(figures)
    expect(figures).toEqual([2, 1])
  })
})

test("ratios are taken inside each round", () => {
  expect(ratios([1, 3], [10, 6])).toEqual([0.1, 0.5])
})

describe("the report", () => {
  const rounds = (...seconds: number[]) =>
    seconds.map((second) => ({ seconds: second, mebibytes: second * 100 }))
  const classic: Row = { name: "classic", rounds: rounds(10, 20) }
  const ours: Row = { name: "ours", rounds: rounds(2, 5), ratioTarget: 0.3 }

  test("has the spread of seconds and ratios, and the highest memory", () => {
    const line = report([classic, ours], classic).split("\n")[2]
    const cells = line?.split(/ {2,}/)
    expect(cells?.slice(0, 8)).toEqual([
      ...["ours", "2.00", "3.50", "5.00", "0.20", "0.23", "0.25", "500"],
    ])
  })

  test("calls what it compares with by its name", () => {
    const table = report([classic, ours], classic, "uv")
    expect(table).toContain("of uv: min")
    expect(table).toContain("met: at most 0.3 of uv")
  })

  test("says whether each target was met", () => {
    const met = report([ours], classic)
    expect(met).toContain("met: at most 0.3 of classic")
    const slow = { ...ours, ratioTarget: 0.2, memoryTarget: 400 }
    expect(report([slow], classic)).toContain(
      "MISSED: at most 0.2 of classic, MISSED: at most 400 MiB",
    )
  })
})
