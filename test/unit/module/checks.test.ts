import { expect, test } from "vitest"
import {
  type CheckRow,
  checkChoice,
  chosen,
} from "../../../dagger/src/checks.js"

const table: CheckRow[] = ["names", "sizes"].map((id) => ({
  ...{ id, protects: "something", severity: "error" },
}))

test.each([
  [{ only: [], skip: [] }, true],
  [{ only: ["names"], skip: [] }, true],
  [{ only: ["sizes"], skip: [] }, false],
  [{ only: [], skip: ["names"] }, false],
  [{ only: ["names"], skip: ["names"] }, false],
])("with %j, names is run: %j", (choice, runs) => {
  expect(chosen(choice, "names")).toBe(runs)
})

test("a choice of checks that there are is right", () => {
  checkChoice(table, { only: ["names", "sizes"], skip: ["sizes"] })
})

test.each([
  [
    { only: ["nmes"], skip: [] },
    "--only: nmes is no check. There are names, sizes.",
  ],
  [
    { only: [], skip: ["a", "b"] },
    "--skip: a, b are no checks. There are names, sizes.",
  ],
  [
    { only: ["names"], skip: ["names"] },
    "--skip leaves none of the checks that --only names.",
  ],
])("%j is refused", (choice, reason) => {
  expect(() => checkChoice(table, choice)).toThrow(reason)
})
