import { describe, expect, test } from "vitest"

import { compareOutcomes, readOutcomes } from "../../migrations/outcomes.js"

/** As pytest 8 and 9 write it. */
const report = (cases: string) =>
  `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" tests="5">${cases}</testsuite></testsuites>`

const passed =
  '<testcase classname="tests.test_a" name="test_one" time="0.1" />'
const failed =
  '<testcase classname="tests.test_a" name="test_two" time="0.1"><failure message="assert 1 &gt; 2">def test_two():\n</failure></testcase>'

describe("pytest's XML report", () => {
  test.each([
    ["a pass", passed, { "tests.test_a::test_one": true }],
    ["a failure", failed, { "tests.test_a::test_two": false }],
    [
      "an error while collecting",
      '<testcase classname="" name="tests.test_b" time="0"><error message="x">y</error></testcase>',
      { "tests.test_b": false },
    ],
    [
      "a skip",
      '<testcase classname="a" name="b" time="0"><skipped type="pytest.skip" message="no" /></testcase>',
      { "a::b": false },
    ],
    [
      "a pass that printed something",
      '<testcase classname="a" name="b" time="0"><system-out>failure</system-out></testcase>',
      { "a::b": true },
    ],
    [
      "ids with marks of XML in them",
      '<testcase classname="a" name="b[&lt;1&amp;&quot;&#10;]" time="0" />',
      { 'a::b[<1&"&#10;]': true },
    ],
    [
      "a test that passes and cannot be torn down",
      `${passed}${passed.replace(" />", '><error message="x">y</error></testcase>')}`,
      { "tests.test_a::test_one": false },
    ],
  ])("has %s", (_, cases, expected) => {
    expect(Object.fromEntries(readOutcomes(report(cases)))).toEqual(expected)
  })

  test("without a test has none", () => {
    expect(readOutcomes(report("")).size).toBe(0)
  })
})

describe("tests before and after", () => {
  const outcomes = (tests: Record<string, boolean>) =>
    new Map(Object.entries(tests))

  test("are compared by id, whatever their counts", () => {
    const before = outcomes({ kept: true, lost: true, gone: true, bad: false })
    const after = outcomes({ kept: true, lost: false, bad: true, won: true })
    expect(compareOutcomes(before, after)).toEqual({
      ...{ passed: 3, others: 1, lost: ["lost", "gone"] },
    })
  })
})
