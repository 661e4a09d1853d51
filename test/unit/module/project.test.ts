import { describe, expect, test } from "vitest"
import { readCommit } from "../../../dagger/src/facts.js"
import { packagePath, readProject } from "../../../dagger/src/project.js"
import { factsWith, GIT, SETUPTOOLS_SCM } from "./facts.js"

const read = (pyproject: string | null) =>
  readProject(factsWith(pyproject), ".")

test("a project on setuptools-scm is read", () => {
  expect(read(SETUPTOOLS_SCM)).toEqual({
    name: "Demo.Pkg",
    version: undefined,
    provider: "setuptools-scm",
    settings: {},
    tagging: {
      prefixes: ["Demo.Pkg-", "Demo.Pkg/", "demo-pkg-", "demo-pkg/", ""],
      match: [],
      exclude: [],
    },
    dependent: false,
    build: {
      requires: ["setuptools>=64", "setuptools_scm[toml]>=8"],
      backend: "setuptools.build_meta",
      backendPath: [],
    },
    extras: [],
    dynamicExtras: false,
    groups: [],
  })
})

test("extras, groups, backend-path and a static version are read", () => {
  const project = read(`
    [build-system]
    requires = []
    build-backend = "backend:main"
    backend-path = ["build"]
    [project]
    name = "demo"
    version = "1.0"
    optional-dependencies = { test = ["pytest"] }
    [dependency-groups]
    dev = []`)
  expect(project).toMatchObject({
    version: "1.0",
    provider: "static",
    build: { backend: "backend:main", backendPath: ["build"] },
    extras: ["test"],
    groups: ["dev"],
  })
})

test("without [build-system], PEP 518's default builds", () => {
  const { build } = read('[project]\nname = "demo"\nversion = "1"')
  expect(build.requires).toEqual(["setuptools>=40.8.0"])
  expect(build.backend).toBe("setuptools.build_meta:__legacy__")
})

test("without a backend in [build-system], the same one builds", () => {
  const { build } = read(
    '[build-system]\nrequires = ["x"]\n[project]\nname = "demo"\nversion = "1"',
  )
  expect(build.requires).toEqual(["x"])
  expect(build.backend).toBe("setuptools.build_meta:__legacy__")
})

test("a project that needs others is told", () => {
  const dependent = (line: string) =>
    read(`[project]\nname = "x"\nversion = "1"\n${line}`).dependent
  expect(dependent('dependencies = ["click"]')).toBe(true)
  expect(dependent('dynamic = ["dependencies"]')).toBe(true)
  expect(dependent("dependencies = []")).toBe(false)
})

test("hatch-vcs is told from setuptools-scm's own table beside it", () => {
  const { provider } = read(`
    [build-system]
    requires = ["hatch-vcs", "hatchling>=1.26"]
    build-backend = "hatchling.build"
    [project]
    name = "demo"
    dynamic = ["version"]
    [tool.hatch.version]
    source = "vcs"
    [tool.setuptools_scm]`)
  expect(provider).toBe("hatch-vcs")
})

describe("refused with a sentence:", () => {
  const refusals: [string, string, RegExp][] = [
    [
      "TOML that does not parse",
      "[project]\nname = \n",
      /pyproject\.toml.*line 2, column 8/,
    ],
    ["no [project]", "[tool.x]", /has no \[project\] table/],
    ["no name", "[project]", /\[project\].*has no name/],
    [
      "a version that is none",
      '[project]\nname = "x"\nversion = "abc"',
      /version = "abc", which is no version by PEP 440/,
    ],
    [
      "setuptools-scm for the files, and a version from elsewhere",
      `${SETUPTOOLS_SCM}[tool.setuptools.dynamic]\nversion = { attr = "demo.v" }`,
      /names no provider/,
    ],
    [
      "neither version nor dynamic",
      '[project]\nname = "x"',
      /neither a version nor dynamic/,
    ],
    [
      "an unknown provider",
      '[project]\nname = "x"\ndynamic = ["version"]',
      /names no provider/,
    ],
    [
      "tags that only the project's own code can read",
      `${SETUPTOOLS_SCM}[tool.setuptools_scm]\nparse = "x:y"`,
      /`parse` in pyproject\.toml.*Remove it/,
    ],
    [
      "a requirement that is none",
      '[build-system]\nrequires = ["@"]\n[project]\nname = "x"\ndynamic = ["version"]',
      /names no provider/,
    ],
  ]
  test.each(refusals)("%s", (_, pyproject, reason) => {
    expect(() => read(pyproject)).toThrow(reason)
  })

  test("settings in setup.py, which only a build sees", () => {
    const facts = { ...factsWith(SETUPTOOLS_SCM), settingsInSetup: true }
    expect(() => readProject(facts, ".")).toThrow(
      /use_scm_version.*\[tool\.setuptools_scm\] in pyproject/,
    )
  })

  test("no pyproject.toml: pass --source=.", () => {
    expect(() => read(null)).toThrow(/no pyproject\.toml.*--source=\./)
  })

  test("no pyproject.toml here: the folders that have one", () => {
    const facts = { ...factsWith(null), projects: ["packages/a"] }
    expect(() => readProject(facts, "packages")).toThrow(
      /in packages\/\..*--path=packages\/a\./,
    )
  })

  test("a fault in a package's file names its folder", () => {
    expect(() => readProject(factsWith("[tool]"), "packages/a")).toThrow(
      /^packages\/a\/pyproject\.toml/,
    )
  })
})

describe("--path", () => {
  test.each([
    [".", "."],
    ["", "."],
    ["./a/b/", "a/b"],
  ])("%j is %s", (path, inside) => {
    expect(packagePath(path)).toBe(inside)
  })

  test.each(["../elsewhere", "/etc", "a/../../b"])("%s is refused", (path) => {
    expect(() => packagePath(path)).toThrow(/leaves the source folder/)
  })
})

describe("a commit", () => {
  test("of a full clone can be built", () => {
    expect(readCommit(factsWith(""))).toEqual(GIT)
    expect(readCommit({ ...factsWith(null), tracked: false })).toEqual(GIT)
  })

  test.each([
    ["no repository", { git: null }, /not a git repository/],
    [
      "a linked worktree",
      { git: null, gitFile: "gitdir: /x\n" },
      /\(gitdir: \/x\)/,
    ],
    ["no commit yet", { git: { ...GIT, commit: null } }, /no commit/],
    [
      "a pyproject.toml that git does not track",
      { tracked: false },
      /does not track the project's pyproject\.toml.*`git add`/,
    ],
    [
      "a repository of somebody else",
      { git: null, dubious: true },
      /dubious ownership.*chown/,
    ],
    [
      "a submodule that is not checked out",
      { git: { ...GIT, submodules: ["vendor/x"] } },
      /vendor\/x\. Run `git submodule update --init/,
    ],
    [
      "a shallow clone",
      { git: { ...GIT, shallow: true } },
      /shallow.*fetch-depth: 0/,
    ],
  ])("is refused for %s", (_, changed, reason) => {
    expect(() => readCommit({ ...factsWith(""), ...changed })).toThrow(reason)
  })

  test("is refused where the call leaves out what git tracks", () => {
    const facts = factsWith("", { missing: ["a.py", "x/.venv/b.py"] })
    expect(() => readCommit(facts, [".venv"])).toThrow(
      /leaves out of the source: x\/\.venv\/b\.py\./,
    )
    expect(readCommit(facts, ["node_modules"]).missing).toHaveLength(2)
  })
})

test.each([
  ["without a backend", SETUPTOOLS_SCM.replace(/build-backend.*\n/, "")],
  [
    "with settings beside a version of its own file",
    `${SETUPTOOLS_SCM}[tool.setuptools_scm]\n[tool.setuptools.dynamic]\nversion = { attr = "demo._version.version" }`,
  ],
])("setuptools-scm makes the version %s", (_, pyproject) => {
  expect(readProject(factsWith(pyproject), ".").provider).toBe("setuptools-scm")
})
