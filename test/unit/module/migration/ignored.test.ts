import { describe, expect, test } from "vitest"

import {
  absentFiles,
  takenThoughIgnored,
} from "../../../../dagger/src/migration/ignored.js"

describe("files that a backend takes though git ignores them", () => {
  test("are hatchling's artifacts, of all targets or of one", () => {
    const wheel = { artifacts: ["src/demo/data.json"] }
    const build = { artifacts: ["*.mo", "!test.mo"], targets: { wheel } }
    const pyproject = { tool: { hatch: { build } } }
    expect(takenThoughIgnored("hatchling", pyproject)).toEqual([
      { setting: "[tool.hatch.build] artifacts", pattern: "*.mo" },
      {
        setting: "[tool.hatch.build.targets.wheel] artifacts",
        pattern: "src/demo/data.json",
      },
    ])
  })

  test("are what Poetry includes", () => {
    const include = ["a.txt", { path: "tests", format: "sdist" }, 3]
    const pyproject = { tool: { poetry: { include } } }
    const setting = "[tool.poetry] include"
    expect(takenThoughIgnored("poetry", pyproject)).toEqual([
      { setting, pattern: "/a.txt" },
      { setting, pattern: "/tests" },
    ])
  })

  test.each(["hatchling", "poetry", "flit"] as const)(
    "may be none: %s",
    (id) => {
      expect(takenThoughIgnored(id, {})).toEqual([])
    },
  )

  test("are named where no file is one, each with its setting", () => {
    const taken = ["/a.txt", "*.mo"].map((pattern) => ({
      ...{ setting: "[tool.poetry] include", pattern },
    }))
    const [only, ...more] = absentFiles(taken, ["/a.txt"])
    expect(more).toEqual([])
    expect(only).toMatch(/^\[tool\.poetry\] include has "a\.txt", and no such/)
    expect(absentFiles(taken, [])).toEqual([])
  })
})
