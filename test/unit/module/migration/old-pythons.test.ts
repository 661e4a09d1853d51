import { describe, expect, test } from "vitest"

import { oldPythons } from "../../../../dagger/src/migration/old-pythons.js"
import {
  isBefore,
  lowestPython,
} from "../../../../dagger/src/migration/requires.js"

test.each([
  ["", null],
  [">=3.10", "3.10"],
  [">=3.7", "3.7"],
  [">=3.9.2,<4", "3.9"],
  [">=2.7, !=3.0.*", "2.7"],
  ["<3", "2.6"],
  [">=4", null],
])("the lowest Python of %j is %s", (range, python) => {
  expect(lowestPython(range)).toBe(python)
})

test("3.9 is before 3.10", () => {
  expect(isBefore("3.9", "3.10")).toBe(true)
  expect(isBefore("3.8", "3.8")).toBe(false)
})

describe("what is written", () => {
  const version = { path: "demo/_version.py", module: "demo._version" }
  const literal = {
    ...{ path: "demo.py", line: 2, names: ["__version__"], value: "1.0" },
    ...{ start: 0, end: 1 },
  }

  test("is read by Python 3.6, too, but for a file that was there", () => {
    const { scm } = oldPythons(">=3.6", version, [literal], undefined)
    expect(scm).toEqual({
      version_file_template: '__version__ = version = "{version}"\n',
    })
    const none = { scm: {}, problems: [] }
    expect(oldPythons(">=3.6", version, [], version.path)).toEqual(none)
    expect(oldPythons(">=3.7", version, [literal], undefined)).toEqual(none)
    expect(oldPythons("", version, [literal], undefined)).toEqual(none)
  })

  test("in a module alone is not read before Python 3.8", () => {
    const { problems } = oldPythons(">=3.7", undefined, [literal], undefined)
    expect(problems).toEqual([
      expect.stringMatching(
        /^demo\.py:2 would ask importlib\.metadata .* Python 3\.7 lacks/,
      ),
    ])
    const { problems: none } = oldPythons(">=3.8", undefined, [literal], "")
    expect(none).toEqual([])
  })
})
