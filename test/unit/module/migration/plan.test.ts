import { describe, expect, test } from "vitest"

import {
  type MigrationRequest,
  planMigration,
} from "../../../../dagger/src/migration/plan.js"
import type { Survey } from "../../../../dagger/src/migration/survey.js"
import { file, survey } from "./survey.js"

const PROJECT = {
  name: "demo",
  version: "0.5.4",
  license: "MIT",
  classifiers: ["License :: OSI Approved :: MIT License", "Typing :: Typed"],
}

function request(changed: Partial<MigrationRequest> = {}): MigrationRequest {
  return {
    backend: "hatchling",
    path: ".",
    pyproject: {
      "build-system": {
        requires: ["hatchling"],
        "build-backend": "hatchling.build",
      },
      project: PROJECT,
      tool: { hatch: { build: { sources: ["src"] } } },
    },
    name: "demo",
    commit: { tagsAtHead: [], tagsBehind: [] },
    fromGit: false,
    settings: {},
    survey: survey(),
    ...changed,
  }
}

/** The edits of a plan by what they are on. */
function edits(changed: Partial<MigrationRequest> = {}) {
  const plan = planMigration(request(changed))
  return Object.fromEntries(
    plan.edits.pyproject.map(({ path, ...edit }) => [path.join("."), edit]),
  )
}

describe("the plan of a migration", () => {
  test("changes pyproject.toml in place", () => {
    expect(edits()).toEqual({
      "build-system.requires": {
        do: "set",
        value: ["setuptools>=77.0.3", "setuptools-scm>=10"],
      },
      "build-system.build-backend": {
        do: "set",
        value: "setuptools.build_meta",
      },
      "project.version": { do: "rename", to: "dynamic", value: ["version"] },
      "project.classifiers": {
        do: "change",
        removed: ["License :: OSI Approved :: MIT License"],
        added: [],
      },
      "tool.hatch.build": { do: "remove" },
    })
  })

  test("adds settings where the old backend's were", () => {
    const { edits, tag, deleted, classifiers } = {
      ...planMigration(request()),
      ...planMigration(request()).edits,
    }
    expect(edits.removed).toEqual(["tool.hatch.build"])
    expect(edits.added).toEqual({
      tool: {
        setuptools: {
          packages: { find: { where: ["src"] } },
          "package-data": { demo: ["py.typed"] },
        },
        setuptools_scm: {
          version_file: "src/demo/_version.py",
          version_scheme: "semver-pep440-release-branch",
          tag: { prefix: "v", strict: true },
        },
      },
    })
    expect(edits.appended).toEqual([
      { path: ".gitignore", lines: ["/src/demo/_version.py"] },
    ])
    expect({ tag, deleted }).toEqual({ tag: "v0.5.4", deleted: [] })
    expect(classifiers).toEqual(["License :: OSI Approved :: MIT License"])
  })

  test("keeps dynamic fields, and fills in those of the old backend", () => {
    const { version: _, ...rest } = PROJECT
    const project = { ...rest, dynamic: ["version", "description"] }
    const facts = survey()
    facts.wheel.fields.Summary = ["A demo"]
    const found = edits({ pyproject: { project }, survey: facts })
    expect(found["project.dynamic"]).toEqual({
      do: "change",
      removed: ["description"],
      added: ["version"],
    })
    expect(found["project.description"]).toEqual({ do: "set", value: "A demo" })
    const both = edits({ pyproject: { project: { ...project, ...PROJECT } } })
    expect(both["project.version"]).toEqual({ do: "remove" })
  })

  test("fills in what Poetry's table says beside [project]", () => {
    const authors = ["Ada <ada@example.org>", "Bob"]
    const poetry = { license: "PSF-2.0", authors }
    const facts = survey()
    facts.wheel.fields.License = ["PSF-2.0"]
    facts.wheel.fields.Author = ["Ada"]
    const { license: _, ...project } = PROJECT
    const found = edits({
      backend: "poetry",
      pyproject: { project, tool: { poetry } },
      survey: facts,
    })
    expect(found["project.license"]).toMatchObject({
      value: { text: "PSF-2.0" },
    })
    expect(found["project.authors"]).toMatchObject({
      value: [{ name: "Ada", email: "ada@example.org" }, { name: "Bob" }],
    })
    expect(found).not.toHaveProperty("project.maintainers")
  })

  test("writes out extras that hatchling resolves", () => {
    const extras = { all: ["demo[test]"], test: ["pytest"] }
    const project = { ...PROJECT, "optional-dependencies": extras }
    const facts = survey()
    facts.wheel.fields["Provides-Extra"] = ["all", "test"]
    facts.wheel.fields["Requires-Dist"] = ['pytest; extra == "all"']
    const found = edits({ pyproject: { project }, survey: facts })
    expect(found["project.optional-dependencies.all"]).toEqual({
      do: "set",
      value: ["pytest"],
    })
  })

  test("makes [project] and groups for a project of Poetry's own form", () => {
    const poetry = {
      name: "demo",
      group: { dev: { dependencies: { a: "*" } } },
    }
    const facts = survey()
    facts.wheel.fields["License-Expression"] = ["MIT"]
    facts.wheel.fields.Classifier = PROJECT.classifiers
    const plan = planMigration(
      request({
        backend: "poetry",
        pyproject: { "build-system": {}, tool: { poetry } },
        survey: facts,
      }),
    )
    expect(plan.edits.added.project).toMatchObject({
      name: "demo",
      license: "MIT",
      classifiers: ["Typing :: Typed"],
    })
    expect(plan.edits.added["dependency-groups"]).toEqual({ dev: ["a"] })
    expect(plan.edits.removed).toEqual(["tool.poetry"])
  })

  test("adds groups to those that are there, and says what they had", () => {
    const poetry = { group: { test: { dependencies: { a: "=1.0" } } } }
    const { edits, notes } = planMigration(
      request({
        backend: "poetry",
        pyproject: {
          project: PROJECT,
          tool: { poetry },
          "dependency-groups": { lint: ["ruff"] },
        },
      }),
    )
    expect(edits.added["dependency-groups"]).toBeUndefined()
    expect(edits.pyproject).toContainEqual({
      do: "set",
      path: ["dependency-groups", "test"],
      value: ["a==1.0"],
    })
    expect(notes).toEqual([])
  })

  test("lets the groups stay that only PDM reads", () => {
    const pdm = { "dev-dependencies": { test: ["pytest", "-e ./sub"] } }
    const pyproject = { project: PROJECT, tool: { pdm } }
    const { edits } = planMigration(request({ backend: "pdm", pyproject }))
    expect(edits.removed).toEqual([])
    expect(edits.pyproject).toContainEqual({
      do: "set",
      path: ["tool", "pdm", "dev-dependencies", "test"],
      value: ["-e ./sub"],
    })
  })

  test("leaves setuptools' own settings, and says what it would take more", () => {
    const setuptools = { dynamic: { version: { attr: "demo.__version__" } } }
    const tracked = [
      ...survey().tracked,
      file("src/demo/notes.txt"),
      file("setup.cfg"),
    ]
    const found = planMigration(
      request({
        backend: "setuptools",
        pyproject: {
          "build-system": { requires: ["setuptools", "wheel"] },
          project: PROJECT,
          tool: { setuptools },
        },
        survey: survey({ tracked }),
      }),
    ).edits
    expect(found.pyproject).toContainEqual({
      do: "change",
      path: ["build-system", "requires"],
      removed: ["setuptools"],
      added: ["setuptools>=77.0.3", "setuptools-scm>=10"],
    })
    expect(found.pyproject).toContainEqual({
      do: "set",
      path: ["tool", "setuptools", "exclude-package-data"],
      value: { demo: ["notes.txt"] },
    })
    expect(found.pyproject).toContainEqual({
      do: "remove",
      path: ["tool", "setuptools", "dynamic", "version"],
    })
    expect(found.sections).toEqual([])
  })

  test("adds to a floor of setuptools that is there", () => {
    const found = edits({
      backend: "setuptools",
      pyproject: {
        "build-system": { requires: ["setuptools>=61"] },
        project: PROJECT,
      },
    })
    expect(found["build-system.requires"]).toEqual({
      do: "change",
      removed: [],
      added: ["setuptools-scm>=10"],
    })
  })

  test("lets the user's own settings of setuptools be", () => {
    const setuptools = { "package-data": { demo: ["*.jar"] } }
    const found = edits({
      pyproject: { project: PROJECT, tool: { setuptools } },
    })
    expect(found).not.toHaveProperty("tool.setuptools.package-data")
    expect(found["tool.setuptools.packages"]).toMatchObject({ do: "set" })
  })

  test("takes sections out of setup.cfg that setuptools would read", () => {
    const tracked = [...survey().tracked, file("setup.cfg")]
    const { sections } = planMigration(
      request({ survey: survey({ tracked }) }),
    ).edits
    expect(sections).toEqual([
      { path: "setup.cfg", begin: ["metadata", "options"] },
    ])
  })

  test("writes a build system where there is none, and drops a path to one", () => {
    const none = planMigration(request({ pyproject: { project: PROJECT } }))
    expect(none.edits.added["build-system"]).toMatchObject({
      "build-backend": "setuptools.build_meta",
    })
    const system = {
      "build-backend": "setuptools.build_meta",
      "backend-path": ["."],
    }
    const found = edits({
      pyproject: { project: PROJECT, "build-system": system },
    })
    expect(found["build-system.backend-path"]).toEqual({ do: "remove" })
    expect(found).not.toHaveProperty("build-system.build-backend")
  })

  test("promises no Python where the metadata names none", () => {
    const facts = survey({ wheel: { fields: { Name: ["demo"] } } })
    const { notes } = planMigration(request({ survey: facts }))
    expect(notes).toEqual([])
  })

  test("replaces literals, and deletes the file that is written anew", () => {
    const tracked = [...survey().tracked, file("src/demo/_version.py")]
    const at = { line: 1, names: ["__version__"], start: 0, end: 1 }
    const path = "src/demo/__init__.py"
    const { texts, deleted } = planMigration(
      request({
        survey: survey({
          tracked,
          onlyVersions: ["src/demo/_version.py"],
          literals: [{ ...at, path, value: "0.5.2" }],
        }),
      }),
    ).edits
    expect(texts).toMatchObject([{ path }])
    expect(deleted).toEqual(["src/demo/_version.py"])
  })

  test.each([["src/demo/VERSION"], [["src/demo/VERSION"]]])(
    "has the file written that setuptools read the version from: %j",
    (read) => {
      const path = "src/demo/VERSION"
      const tracked = [...survey().tracked, file(path)]
      const files = [file("demo/__init__.py"), file("demo/VERSION")]
      const setuptools = { dynamic: { version: { file: read } } }
      const pyproject = { project: PROJECT, tool: { setuptools } }
      const plan = (facts: Survey) =>
        planMigration(
          request({ backend: "setuptools", pyproject, survey: facts }),
        )
      const { edits, notes } = plan(
        survey({ tracked, wheel: { files }, mentions: [{ path, line: 1 }] }),
      )
      expect(edits.added.tool).toMatchObject({
        setuptools_scm: {
          version_file: path,
          version_file_template: "{version}",
        },
      })
      expect(edits.deleted).toEqual([path])
      expect(edits.appended).toContainEqual({
        ...{ path: ".gitignore", lines: [`/${path}`] },
      })
      expect(notes).toEqual([])
      const elsewhere = plan(survey({ tracked })).edits
      expect(elsewhere.deleted).toEqual([])
    },
  )

  describe("deletes a setup.py that nothing ran", () => {
    const tracked = [...survey().tracked, file("setup.py")]
    const facts = survey({ tracked, sdist: survey().tracked })
    const plan = (changed: Partial<MigrationRequest>) =>
      planMigration(request({ survey: facts, ...changed }))

    test("and says so", () => {
      const { edits, notes } = plan({ backend: "flit" })
      expect(edits.deleted).toEqual(["setup.py"])
      expect(notes).toEqual([
        expect.stringMatching(/^setup\.py is deleted: flit never ran it/),
      ])
      const files = edits.appended.map(({ path }) => path)
      expect(files).not.toContain("MANIFEST.in")
    })

    test("and not one that a backend runs", () => {
      const pdm = { build: { "setup-script": "setup.py" } }
      const pyproject = { project: PROJECT, tool: { pdm } }
      expect(plan({ backend: "pdm", pyproject }).edits.deleted).toEqual([])
      expect(plan({ backend: "setuptools" }).edits.deleted).toEqual([])
      const bare = plan({ pyproject: { project: PROJECT } })
      expect(bare.edits.deleted).toEqual(["setup.py"])
    })
  })

  test("names a version that may be of something vendored", () => {
    const path = "src/demo/vendored/__init__.py"
    const tracked = [...survey().tracked, file(path)]
    const files = [file("demo/__init__.py"), file("demo/vendored/__init__.py")]
    const at = { line: 9, names: ["__version__"], start: 0, end: 1 }
    const literals = [{ ...at, path, value: "0.1.0" }]
    const { notes, edits } = planMigration(
      request({ survey: survey({ tracked, literals, wheel: { files } }) }),
    )
    expect(edits.texts).toEqual([])
    expect(notes).toEqual([
      expect.stringMatching(
        /^src\/demo\/vendored\/__init__\.py:9 says 0\.1\.0,/,
      ),
    ])
  })

  test("leaves out of the sdist what it did not have", () => {
    const sdist = survey().tracked.filter(({ path }) => path !== "README.md")
    const { appended } = planMigration(
      request({ survey: survey({ sdist }) }),
    ).edits
    expect(appended).toContainEqual({
      path: "MANIFEST.in",
      lines: ["exclude README.md"],
    })
  })
})

describe("settings of setuptools-scm", () => {
  const scm = (changed: Partial<MigrationRequest>) => {
    const { added } = planMigration(request(changed)).edits
    return (added.tool as Record<string, unknown>).setuptools_scm
  }

  test("of hatch-vcs stay what they were", () => {
    const hooks = { vcs: { "version-file": "src/demo/about.py" } }
    const pyproject = {
      project: PROJECT,
      tool: { hatch: { build: { hooks } } },
    }
    const settings = {
      local_scheme: "no-local-version",
      tag_regex: "^v(.*)$",
      root: "..",
    }
    const found = { pyproject, settings, fromGit: true }
    expect(scm(found)).toEqual({
      version_file: "src/demo/about.py",
      version_scheme: "semver-pep440-release-branch",
      local_scheme: "no-local-version",
      tag: { strict: true, regex: "^v(.*)$" },
    })
    expect(planMigration(request(found)).edits.appended).toEqual([])
  })

  test("have the file that PDM makes, as it made it", () => {
    const { version: _, ...project } = PROJECT
    const plan = (write: Record<string, string>, where = "src/") => {
      const pdm = { version: { source: "scm", ...write } }
      const pyproject = { project, tool: { pdm } }
      const tracked = [file(`${where}demo/__init__.py`)]
      const facts = survey({ tracked })
      return planMigration(
        request({ backend: "pdm", pyproject, survey: facts, fromGit: true }),
      )
    }
    const template = "VERSION = '{}'"
    const { edits } = plan({
      write_to: "demo/ver.py",
      write_template: template,
    })
    expect(edits.added.tool).toMatchObject({
      setuptools_scm: {
        version_file: "src/demo/ver.py",
        version_file_template: "VERSION = '{version}'",
      },
    })
    expect(edits.appended).toContainEqual({
      ...{ path: ".gitignore", lines: ["/src/demo/ver.py"] },
    })
    const told = plan({ tag_regex: "x", version_format: "y" }).notes.join("\n")
    expect(told).toContain(
      "[tool.pdm.version] had tag_regex and version_format",
    )
    const bare = plan({ write_to: "demo/ver.txt" }, "").edits.added.tool
    expect(bare).toMatchObject({
      setuptools_scm: {
        version_file: "demo/ver.txt",
        version_file_template: "{version}\n",
      },
    })
  })

  test("count to the next minor release, unless another way was chosen", () => {
    const note = /counted to the next patch release/
    const chosen = { version_scheme: "calver-by-date" }
    const told = (changed: Partial<MigrationRequest>) =>
      planMigration(request(changed)).notes.join("\n")
    expect(scm({ settings: chosen, fromGit: true })).toMatchObject(chosen)
    expect(told({ settings: chosen, fromGit: true })).not.toMatch(note)
    expect(told({ fromGit: true })).toMatch(note)
    expect(told({})).not.toMatch(note)
  })

  test("keep how hatch-vcs writes the version", () => {
    const template = 'VERSION = "{version}"'
    const vcs = { "version-file": "src/demo/about.py", template }
    const pyproject = {
      project: PROJECT,
      tool: { hatch: { build: { hooks: { vcs } } } },
    }
    const targets = { sdist: {}, wheel: { hooks: { vcs } } }
    const ofOne = { project: PROJECT, tool: { hatch: { build: { targets } } } }
    expect(scm({ pyproject: ofOne, fromGit: true })).toMatchObject({
      ...{ version_file: "src/demo/about.py", version_file_template: template },
    })
    const settings = { version_file_template: "other" }
    expect(scm({ pyproject, settings, fromGit: true })).toMatchObject({
      version_file_template: template,
    })
    expect(scm({ settings, fromGit: true })).not.toHaveProperty(
      "version_file_template",
    )
  })

  test("keep how tags are told", () => {
    const settings = { tag: { prefix: "demo-", strict: false } }
    expect(scm({ settings, fromGit: true })).toMatchObject({
      tag: { prefix: "demo-", strict: false },
    })
  })

  test("name the top of the repository for a package inside it", () => {
    expect(scm({ path: "packages/demo" })).toMatchObject({ root: "../.." })
  })

  test("have no prefix where tags have none", () => {
    const commit = { tagsAtHead: ["0.5.4"], tagsBehind: [] }
    expect(scm({ commit })).toMatchObject({ tag: { strict: true } })
  })

  test("have the prefix of a project among others", () => {
    const tagsAtHead = ["demo-v0.5.4", "other-v9.0.0", "latest"]
    const commit = { tagsAtHead, tagsBehind: [] }
    expect(scm({ commit })).toMatchObject({ tag: { prefix: "demo-v" } })
    expect(planMigration(request({ commit })).tag).toBeNull()
  })

  test("have no file where there is no package", () => {
    const tracked = [file("demo.py")]
    const wheel = { files: [file("demo.py")] }
    const facts = survey({ tracked, wheel })
    expect(scm({ survey: facts })).not.toHaveProperty("version_file")
  })
})

describe("licence files", () => {
  const tracked = [
    file("LICENSE"),
    file("vendor/COPYING"),
    file("src/demo/__init__.py"),
  ]
  const wheel = {
    files: [file("demo/__init__.py")],
    licences: [file("LICENSE"), file("vendor/COPYING")],
  }
  const names = ["LICENSE", "vendor/COPYING"]

  test("are named where setuptools would take others", () => {
    const found = edits({ survey: survey({ tracked, wheel }) })
    expect(found["project.license-files"]).toEqual({ do: "set", value: names })
  })

  test("are named to setuptools beside a licence in a table", () => {
    const project = { ...PROJECT, license: { text: "MIT" } }
    const { added } = planMigration(
      request({ pyproject: { project }, survey: survey({ tracked, wheel }) }),
    ).edits
    expect(added.tool).toMatchObject({ setuptools: { "license-files": names } })
  })

  test("replace a table that became no field", () => {
    const project = { name: "demo", version: "1", license: { file: "LICENSE" } }
    const found = edits({ pyproject: { project } })
    expect(found["project.license"]).toEqual({ do: "remove" })
  })

  test("come with no classifier beside an expression, also a built one", () => {
    const { classifiers: _, ...rest } = PROJECT
    const project = { ...rest, dynamic: ["classifiers"] }
    const facts = survey()
    facts.wheel.fields.Classifier = PROJECT.classifiers
    const { edits, classifiers, licence } = planMigration(
      request({ pyproject: { project }, survey: facts }),
    )
    expect(classifiers).toEqual(["License :: OSI Approved :: MIT License"])
    expect(licence).toEqual({ says: "MIT", isExpression: true })
    const done = edits.pyproject.filter(({ path }) => path[1] === "classifiers")
    expect(done.map((edit) => edit.do)).toEqual(["set", "change"])
  })

  test("stay where [project] names them", () => {
    const project = { ...PROJECT, "license-files": ["LICENSE"] }
    const facts = survey({ tracked, wheel })
    const found = edits({ pyproject: { project }, survey: facts })
    expect(found).not.toHaveProperty("project.license-files")
  })
})

describe("notes", () => {
  const facts = survey({
    literals: [
      {
        ...{ path: "src/demo/__init__.py", line: 3, names: ["__version__"] },
        ...{ value: "0.5.2", start: 0, end: 1 },
      },
    ],
    mentions: [
      { path: "docs/conf.py", line: 7 },
      { path: "src/demo/__init__.py", line: 3 },
      { path: "src/demo/_version.py", line: 1 },
      { path: "Makefile", line: 2 },
    ],
    onlyVersions: ["src/demo/_version.py"],
    tracked: [...survey().tracked, file("src/demo/_version.py")],
    bumps: [{ path: "Makefile", line: 2, text: "bump2version 0.5.4" }],
  })

  test("tell what was wrong, who bumps by hand, and what goes stale", () => {
    const { notes } = planMigration(request({ survey: facts }))
    expect(notes).toHaveLength(3)
    expect(notes[0]).toMatch(/^src\/demo\/__init__.py:3 said 0.5.2/)
    expect(notes[1]).toMatch(/^Makefile:2 changes the version by hand/)
    expect(notes[2]).toMatch(/^docs\/conf.py:7 states the version 0.5.4 too/)
  })

  test("tell which Python cannot build the sdist any more", () => {
    const old = survey()
    old.wheel.fields["Requires-Python"] = [">=3.8"]
    const { notes } = planMigration(request({ survey: old }))
    expect(notes[0]).toMatch(/^On Python 3.8 the wheel installs as before/)
    const licence = { ...PROJECT, license: { text: "MIT" } }
    const plain = { survey: old, pyproject: { project: licence } }
    expect(planMigration(request(plain)).notes).toEqual([])
    old.wheel.fields["Requires-Python"] = [">=3.7"]
    expect(planMigration(request(plain)).notes).toEqual([
      expect.stringMatching(
        /^On Python 3\.7 the wheel .* setuptools-scm installs from Python 3\.8/,
      ),
    ])
  })

  test("tell which dependency got lost", () => {
    const poetry = { group: { dev: { dependencies: { own: { path: "x" } } } } }
    const pyproject = { project: PROJECT, tool: { poetry } }
    const { notes } = planMigration(request({ backend: "poetry", pyproject }))
    expect(notes[0]).toMatch(/^The dependency dev: own is a path/)
  })
})
