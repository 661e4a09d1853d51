import { describe, expect, test } from "vitest"

import type { SetupFiles } from "../../../dagger/src/facts.js"
import { readProject } from "../../../dagger/src/project.js"
import { factsWith, NO_SETUP } from "./facts.js"

const SETUP: SetupFiles = {
  ...{ files: ["setup.cfg", "setup.py"], name: "demo" },
  ...{ extras: ["test"], dependent: true },
}
const SCM = `
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"
[tool.setuptools_scm]
`

const read = (pyproject: string | null, setup: Partial<SetupFiles> = {}) =>
  readProject({ ...factsWith(pyproject), setup: { ...SETUP, ...setup } }, ".")

describe("a project whose metadata is in setup.cfg and setup.py", () => {
  test("is read where git makes its version", () => {
    const provider = "setuptools-scm"
    expect(read(SCM)).toMatchObject({ ...{ name: "demo", provider } })
    expect(read(SCM)).toMatchObject({ dependent: true, extras: ["test"] })
    expect(read(SCM, { dependent: false }).dependent).toBe(false)
  })

  test("has its name from the settings where it is computed", () => {
    const named = `${SCM}dist_name = "Demo"`
    expect(read(named, { name: null }).name).toBe("Demo")
    expect(() => read(SCM, { name: null })).toThrow(
      /name is computed in setup.cfg or setup.py.* dist_name = "…"/,
    )
  })

  test.each([null, "", "[tool.ruff]\n"])(
    "is pointed to migrate where a build makes it: %j",
    (pyproject) => {
      expect(() => read(pyproject)).toThrow(
        /^The version of demo is in setup.cfg or setup.py.*`migrate` lets it/,
      )
    },
  )

  test("is pointed to migrate without a name, too", () => {
    expect(() => read(null, { name: null })).toThrow("version of this project")
  })

  test("is another one with [project], another backend, or no such file", () => {
    const own = `${SCM}[project]\nname = "own"\ndynamic = ["version"]`
    expect(read(own)).toMatchObject({ name: "own", extras: [] })
    const flit = '[build-system]\nrequires = []\nbuild-backend = "flit.x"\n'
    expect(() => read(flit)).toThrow("has no [project] table")
    expect(() => read(SCM, NO_SETUP)).toThrow("has no [project] table")
  })
})
