import { describe, expect, test } from "vitest"

import type { Facts } from "../../../../dagger/src/facts.js"
import {
  isMigrated,
  nameOf,
  readOld,
} from "../../../../dagger/src/migration/old.js"
import { stateBefore } from "../../../../dagger/src/migration/past.js"
import {
  type MigrationReport,
  migrationPage,
  nothingToDo,
} from "../../../../dagger/src/migration/report.js"
import { NO_SETUP } from "../facts.js"

function facts(pyproject: string | null): Facts {
  return {
    ...{ git: null, dubious: false, gitFile: null, pyproject },
    ...{ settingsInSetup: false, tracked: true, setup: NO_SETUP },
    projects: [],
  }
}

const SCM = `
[build-system]
requires = ["setuptools>=64", "setuptools-scm>=8"]
build-backend = "setuptools.build_meta"
[project]
name = "demo"
dynamic = ["version"]
`
const FLIT = `
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"
[project]
name = "demo"
dynamic = ["version", "description"]
`

describe("a project before its migration", () => {
  test.each([
    ["hatchling", "hatchling.build", "hatchling"],
    ["flit", "flit_core.buildapi", "flit_core"],
    ["pdm", "pdm.backend", "pdm-backend"],
    ["poetry", "poetry.core.masonry.api", "poetry-core"],
    ["setuptools", "setuptools.build_meta", "setuptools"],
  ])("is on %s by its backend %s", (id, backend, requirement) => {
    const text = `[build-system]\nrequires = ["${requirement}"]\nbuild-backend = "${backend}"\n[project]\nname = "demo"\nversion = "1.0"\n`
    const old = readOld(facts(text), ".")
    expect(old.backend).toBe(id)
    expect(old.project).toMatchObject({ name: "demo", version: "1.0" })
    expect(old.fromGit).toBe(false)
  })

  test("has a version that the build tells, where it is in no known place", () => {
    expect(readOld(facts(FLIT), ".").project.version).toBe("0")
  })

  test.each([
    'import-names = ["demo"]',
    'dynamic = ["version", "import-namespaces"]',
  ])("is refused for what setuptools stops at: %s", (line) => {
    const text = `${FLIT.replace(/dynamic.*/, "")}${line}\n`
    expect(() => readOld(facts(text), ".")).toThrow(
      /^pyproject.toml has import-name.* in \[project\], and setuptools cannot/,
    )
  })

  test.each([
    [
      'repository = "https://x"',
      /has repository in .* to \[project.urls\], such as repository = "https:\/\/x"\.$/,
    ],
    ["other = 1\nmore = 2", /has other and more in \[project\].* Remove it\.$/],
  ])("is refused for keys that are none: %s", (line, says) => {
    const text = `${FLIT}${line}\n`
    expect(() => readOld(facts(text), ".")).toThrow(says)
  })

  test("takes it from git with hatch-vcs, and with PDM's scm", () => {
    const hatch = `[build-system]\nrequires = ["hatchling", "hatch-vcs"]\nbuild-backend = "hatchling.build"\n[project]\nname = "demo"\ndynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n`
    const pdm = `[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n[project]\nname = "demo"\n[tool.pdm.version]\nsource = "scm"\n`
    expect(readOld(facts(hatch), ".").fromGit).toBe(true)
    expect(readOld(facts(pdm), ".").fromGit).toBe(true)
  })

  test("has its name also in a backend's own table", () => {
    expect(nameOf({ tool: { poetry: { name: "demo" } } })).toBe("demo")
    const flit = { metadata: { module: "demo" } }
    expect(nameOf({ tool: { flit } })).toBe("demo")
  })

  test("is refused with a backend that there is no way from", () => {
    const text = `[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n[project]\nname = "demo"\n`
    expect(() => readOld(facts(text), "a")).toThrow(
      "a/pyproject.toml builds with maturin, and there is no way from that. Projects are migrated from hatchling, flit, PDM, Poetry, setuptools.",
    )
  })

  test("is refused without a name, or without a file, as everywhere", () => {
    expect(() => readOld(facts("[project]\n"), ".")).toThrow("has no name")
    expect(() => readOld(facts(null), ".")).toThrow("no pyproject.toml")
  })
})

describe("a project in setup.cfg and setup.py", () => {
  const files = ["setup.cfg", "setup.py"]
  const classic = (pyproject: string | null, name: string | null = "demo") =>
    readOld({ ...facts(pyproject), setup: { ...NO_SETUP, files, name } }, ".")

  test.each([null, "", "[tool.ruff]\n"])("is on setuptools: %j", (text) => {
    expect(classic(text)).toMatchObject({
      backend: "setuptools",
      project: { name: "demo", provider: "static" },
    })
  })

  test("may have a name that a build tells", () => {
    expect(classic(null, null).project.name).toBe("The project")
  })

  test("is on another backend where pyproject.toml says so", () => {
    const text =
      '[build-system]\nrequires = []\nbuild-backend = "flit_core.buildapi"\n'
    expect(() => classic(text)).toThrow("has no [project] table")
  })
})

describe("the state before a migration", () => {
  const state = (commit: string, pyproject: string) => ({ commit, pyproject })

  test("is HEAD where the migration is not committed", () => {
    expect(stateBefore([state("a", FLIT)], "demo")).toBe("HEAD")
  })

  test("is the parent of the commit that made it", () => {
    const states = [state("c", SCM), state("b", SCM), state("a", FLIT)]
    expect(stateBefore(states, "demo")).toBe("b^")
  })

  test("may have no pyproject.toml", () => {
    expect(stateBefore([state("b", SCM), state("a", "")], "demo")).toBe("b^")
    expect(stateBefore([state("a", "")], "demo")).toBe("HEAD")
  })

  test("may be one that does not parse", () => {
    expect(stateBefore([state("b", SCM), state("a", "[")], "demo")).toBe("b^")
  })

  test("is refused where there was no other backend", () => {
    expect(() => stateBefore([state("a", SCM)], "demo")).toThrow(
      "no commit of demo has it on another build backend",
    )
  })
})

test("a project is migrated when git makes its version and nothing else", () => {
  expect(isMigrated({ project: { version: "1.0" } })).toBe(false)
  const requires = ["setuptools", "setuptools_scm"]
  const system = { requires, "build-backend": "setuptools.build_meta" }
  const project = { dynamic: ["version"] }
  expect(isMigrated({ "build-system": system, project })).toBe(true)
  const both = { "build-system": system, project: { version: "1.0" } }
  expect(isMigrated(both)).toBe(false)
})

describe("the report of a migration", () => {
  const report: MigrationReport = {
    ...nothingToDo("demo"),
    ...{ from: "flit", version: "1.0", compared: { wheel: 3, sdist: 9 } },
    ...{ changed: ["pyproject.toml"], deleted: ["demo/_version.py"] },
    ...{ notes: ["a note"], tag: "v1.0" },
    differences: [
      { id: "setuptools", says: "its own", items: ["a", "b", "c", "d", "e"] },
    ],
  }

  test("says what changed, what was compared, and what is left to do", () => {
    const page = migrationPage(report)
    expect(page.title).toBe(
      "demo 1.0: from flit to setuptools and setuptools-scm",
    )
    expect(page.facts[0]?.[1]).toBe(
      "pyproject.toml (changed), demo/_version.py (deleted)",
    )
    expect(page.tables[0]?.[1]?.[2]).toBe("a; b; c; d; 1 more")
    expect(page.notes[1]).toContain("git tag -a v1.0")
    expect(migrationPage({ ...report, tag: null }).notes).toEqual(["a note"])
    const few = [{ id: "x", says: "y", items: ["a"] }]
    const short = migrationPage({ ...report, differences: few })
    expect(short.tables[0]?.[1]?.[2]).toBe("a")
  })

  test("says that there is nothing to do", () => {
    const page = migrationPage(nothingToDo("demo"))
    expect(page.title).toBe("demo is migrated")
    expect(page.notes[0]).toContain("nothing is changed")
  })
})
