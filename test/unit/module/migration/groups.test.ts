import { describe, expect, test } from "vitest"

import {
  groupEdits,
  oldGroups,
} from "../../../../dagger/src/migration/groups.js"
import { poetryRequirement } from "../../../../dagger/src/migration/poetry-requirement.js"

describe("a dependency of Poetry's", () => {
  test.each([
    ["^1.2.3", "demo>=1.2.3,<2"],
    ["^0.2.3", "demo>=0.2.3,<0.3"],
    ["^0.0", "demo>=0.0,<0.1"],
    ["^7", "demo>=7,<8"],
    ["^1.0.0-alpha.1", "demo>=1.0.0-alpha.1,<2"],
    ["^0.1b2", "demo>=0.1b2,<0.2"],
    ["~1.2", "demo>=1.2,<1.3"],
    ["~1", "demo>=1,<2"],
    ["~=1.2", "demo~=1.2"],
    ["*", "demo"],
    ["1.2", "demo==1.2"],
    ["=7.4.0", "demo==7.4.0"],
    ["= 7.4.0", "demo==7.4.0"],
    ["==7.4.0", "demo==7.4.0"],
    ["1.*", "demo==1.*"],
    ["!=1.5.*", "demo!=1.5.*"],
    [">=1, <2", "demo>=1,<2"],
    [{ version: "^1.0", extras: ["x", "y"] }, "demo[x,y]>=1.0,<2"],
    [
      { version: "*", python: ">=3.8", markers: "sys_platform == 'win32'" },
      "demo; sys_platform == 'win32' and python_version >= \"3.8\"",
    ],
    [
      { version: "*", python: "^3.9", markers: "os_name == 'a' or x == 'b'" },
      "demo; (os_name == 'a' or x == 'b') and python_version >= \"3.9\" and python_version < \"4.0\"",
    ],
    [
      { markers: "os_name == 'a' or x == 'b'" },
      "demo; os_name == 'a' or x == 'b'",
    ],
    [{ version: "*", python: "*" }, "demo"],
    [{ version: "*", python: "<3.8 || *" }, "demo"],
    [
      { version: "*", python: "^3.8.1" },
      'demo; python_full_version >= "3.8.1" and python_version < "4.0"',
    ],
    [{ version: "*", python: "3.8.*" }, 'demo; python_version == "3.8.*"'],
    [
      { version: "*", python: "<3.8 || >=3.10" },
      'demo; python_version < "3.8" or python_version >= "3.10"',
    ],
    [
      { version: "*", python: ">=3.8 <4" },
      'demo; python_version >= "3.8" and python_version < "4"',
    ],
    [
      { version: "^1.0", platform: "win32" },
      'demo>=1.0,<2.0; sys_platform == "win32"',
    ],
    [
      { version: "*", platform: "!=win32, != linux" },
      'demo; sys_platform != "win32" and sys_platform != "linux"',
    ],
    [{ version: "*", source: "PyPI" }, "demo"],
    [">= 1.2 , <3", "demo>=1.2,<3"],
    [">=1.2 <3", "demo>=1.2,<3"],
  ])("%j is %s", (spec, requirement) => {
    const found = poetryRequirement("demo", spec)
    const written = "requirement" in found ? found.requirement : found.reason
    expect(written.replace(/<(\d+)\.0$/, "<$1")).toBe(requirement)
  })

  test.each([
    [{ path: "../demo" }, "is a path or a repository"],
    [{ git: "https://example.org" }, "is a path or a repository"],
    [{ version: "1", source: "own" }, "comes from the source own"],
    ["^1.0 || ^2.0", 'has an "or" between versions (^1.0 || ^2.0)'],
    ["^abc", "has a version of its own form (^abc)"],
  ])("%j is none that can be written", (spec, reason) => {
    const value = typeof spec === "string" ? { version: spec } : spec
    expect(poetryRequirement("demo", value)).toEqual({ reason })
  })
})

describe("groups", () => {
  test("come from Poetry's tables, with what they include", () => {
    const poetry = {
      "dev-dependencies": { pytest: "^7.0" },
      group: {
        dev: { "include-groups": ["docs"], dependencies: { tox: "*" } },
        docs: { dependencies: { sphinx: "*", own: { git: "x" } } },
      },
    }
    expect(oldGroups("poetry", { tool: { poetry } })).toEqual({
      groups: {
        dev: ["pytest>=7.0,<8.0", { "include-group": "docs" }, "tox"],
        docs: ["sphinx"],
      },
      notes: [
        "The dependency docs: own is a path or a repository, which [dependency-groups] cannot say; it was left out.",
      ],
    })
  })

  test("have a requirement for each of Poetry's constraints", () => {
    const multi = [
      { version: "^1", python: "<3.9" },
      { version: "^2", python: ">=3.9", "allow-prereleases": true },
    ]
    const poetry = { group: { dev: { dependencies: { multi } } } }
    const { groups, notes } = oldGroups("poetry", { tool: { poetry } })
    expect(groups).toEqual({
      dev: [
        'multi>=1,<2.0; python_version < "3.9"',
        'multi>=2,<3.0; python_version >= "3.9"',
      ],
    })
    expect(notes).toEqual([
      expect.stringMatching(/^The dependency dev: multi takes pre-releases/),
    ])
  })

  test("come with a word on the indexes that go", () => {
    const source = [{ name: "own", url: "https://own" }, { name: "other" }]
    const dependencies = {
      python: "^3.9",
      demo: { version: "1", source: "own" },
    }
    const { notes } = oldGroups("poetry", {
      tool: { poetry: { source, dependencies } },
    })
    expect(notes).toHaveLength(2)
    expect(notes[0]).toMatch(
      /^The index own \(https:\/\/own\) goes with .* demo came from there/,
    )
    expect(notes[1]).not.toContain("came from there")
  })

  test("come from PDM's table, but for paths of its own form, which stay", () => {
    const path = `-e file:///\${PROJECT_ROOT}/sub#egg=sub`
    const pdm = {
      "dev-dependencies": { test: ["pytest", path], lint: ["ruff"] },
    }
    const old = oldGroups("pdm", { tool: { pdm } })
    expect(old.groups).toEqual({ test: ["pytest"], lint: ["ruff"] })
    expect(old.notes[0]).toContain(`test: ${path} is a path of PDM's own form`)
    expect(groupEdits({}, old).edits).toEqual([
      {
        do: "set",
        path: ["tool", "pdm", "dev-dependencies", "test"],
        value: [path],
      },
      { do: "remove", path: ["tool", "pdm", "dev-dependencies", "lint"] },
    ])
    const plain = { "dev-dependencies": { test: ["pytest"] } }
    expect(oldGroups("pdm", { tool: { pdm: plain } })).toEqual({
      groups: { test: ["pytest"] },
      notes: [],
    })
  })

  test("of tools beside the backend are left to those", () => {
    const pdm = { "dev-dependencies": { test: ["pytest"] } }
    const old = oldGroups("hatchling", { tool: { pdm } })
    expect(groupEdits({}, old)).toEqual({ edits: [], added: {}, notes: [] })
  })

  test("are added to those that are there", () => {
    const old = {
      groups: {
        Test_It: ["pytest>=7", "tox", { "include-group": "a.b" }],
        docs: ["sphinx"],
        lint: ["ruff"],
      },
      ...{ notes: [], left: undefined },
    }
    const known = {
      "test-it": ["pytest>=8", { "include-group": "a-b" }],
      lint: ["ruff"],
    }
    const found = groupEdits({ "dependency-groups": known }, old)
    expect(found).toEqual({
      edits: [
        {
          do: "change",
          path: ["dependency-groups", "test-it"],
          ...{ removed: [], added: ["tox"] },
        },
        { do: "set", path: ["dependency-groups", "docs"], value: ["sphinx"] },
      ],
      added: {},
      notes: [
        "[dependency-groups] test-it has pytest>=8 already; pytest>=7 of the old table was left out.",
      ],
    })
  })
})
