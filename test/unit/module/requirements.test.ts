import { describe, expect, test } from "vitest"
import { testRequirements } from "../../../dagger/src/requirements.js"

const project = (extras: string[], groups: string[]) => {
  return { extras, groups, from: "the wheel" }
}

describe("tests are installed with", () => {
  const found: [string, string[], string[], string[], string[]][] = [
    ["the extra called testing", ["dev", "testing"], [], ["testing"], []],
    ["the group called tests", [], ["dev", "tests"], [], ["tests"]],
    ["both, where both are there", ["test"], ["test"], ["test"], ["test"]],
    ["dev, where nothing else is there", ["docs"], ["Dev"], [], ["Dev"]],
    ["nothing, where nothing is called so", ["docs"], ["lint"], [], []],
  ]
  test.each(found)("%s", (_, extras, groups, testExtras, testGroups) => {
    const none = { extras: [], groups: [] }
    expect(testRequirements(project(extras, groups), none)).toEqual({
      extras: testExtras,
      groups: testGroups,
    })
  })

  test("what was asked for, as pyproject.toml spells it", () => {
    const asked = { extras: ["Full_Set"], groups: ["lint"] }
    expect(
      testRequirements(project(["full-set", "test"], ["lint"]), asked),
    ).toEqual({ extras: ["full-set"], groups: ["lint"] })
  })
})

test("an extra or group that is not there is refused, with those that are", () => {
  const asked = { extras: ["x"], groups: [] }
  expect(() => testRequirements(project(["a", "b"], []), asked)).toThrow(
    /--extras=x: the wheel names.*It has a, b\./,
  )
  const groups = { extras: [], groups: ["x"] }
  expect(() => testRequirements(project([], []), groups)).toThrow(
    /--groups=x: pyproject.toml names.*It has none\./,
  )
})
