import { describe, expect, test } from "vitest"

import {
  type MigrationRequest,
  planMigration,
} from "../../../../dagger/src/migration/plan.js"
import type { SetupVersion } from "../../../../dagger/src/migration/setup-version.js"
import { file, NOWHERE, survey } from "./survey.js"

const EDIT = { path: "setup.cfg", start: 8, end: 20, text: "" }
const STATED = { path: "setup.cfg", line: 3 }

function plan(
  found: Partial<SetupVersion>,
  request: Partial<MigrationRequest> = {},
) {
  const setup = { ...NOWHERE, ...found }
  const tracked = [...survey().tracked, file("setup.cfg"), file("setup.py")]
  const literals = [
    {
      ...{ path: "src/demo/__init__.py", line: 1, names: ["__version__"] },
      ...{ value: "0.5.4", start: 0, end: 9 },
    },
  ]
  const mentions = [STATED, { path: "CITATION.cff", line: 9 }]
  return planMigration({
    ...{ backend: "setuptools", path: ".", pyproject: {}, name: "demo" },
    ...{ commit: { tagsAtHead: [], tagsBehind: [] }, fromGit: false },
    settings: {},
    survey: survey({ tracked, setup, literals, mentions }),
    ...request,
  })
}

describe("the version in setup.cfg and setup.py", () => {
  test("goes, and the metadata stays where it is", () => {
    const { edits, notes } = plan({
      ...{ stated: [STATED], taken: [STATED], edits: [EDIT] },
    })
    expect(edits.texts).toContainEqual(EDIT)
    expect(edits.pyproject).toEqual([])
    expect(edits.deleted).toEqual([])
    expect(edits.added).toEqual({
      "build-system": {
        requires: ["setuptools>=64", "setuptools-scm>=10"],
        "build-backend": "setuptools.build_meta",
      },
      tool: {
        setuptools_scm: {
          version_file: "src/demo/_version.py",
          version_scheme: "semver-pep440-release-branch",
          tag: { prefix: "v", strict: true },
        },
      },
    })
    expect(notes).toEqual([expect.stringMatching(/^CITATION.cff:9 states/)])
  })

  test("leaves a file that it was read from, and says so", () => {
    const { notes } = plan({ stated: [STATED], files: ["VERSION"] })
    expect(notes.at(-1)).toMatch(/^VERSION held the version 0.5.4/)
  })

  test("goes from beside a [project], too, and need not be there", () => {
    const project = { name: "demo", dynamic: ["version"] }
    const request = { pyproject: { project } }
    const { edits } = plan({ stated: [STATED], edits: [EDIT] }, request)
    expect(edits.texts).toContainEqual(EDIT)
    expect(plan({}, request).edits.texts).not.toContainEqual(EDIT)
  })

  test("is refused where something else makes it", () => {
    expect(() => plan({})).toThrow(
      /^demo is not migrated: neither setup.cfg nor.* version = 0.5.4 into/,
    )
  })

  test.each<[Partial<SetupVersion>, string]>([
    [
      { left: [{ path: "setup.py", line: 4, name: "read" }] },
      "setup.py:4: only the version needs `read`",
    ],
    [
      { beside: [{ path: "setup.py", line: 4, name: "demo" }] },
      "setup.py:4 imports demo from its own folder",
    ],
    [
      {
        executed: [{ path: "setup.py", line: 4, name: "src/demo/__init__.py" }],
      },
      "setup.py:4 runs src/demo/__init__.py, which will have",
    ],
  ])("is refused where setup.py would break: %j", (found, sentence) => {
    const refused = () => plan({ stated: [STATED], ...found })
    expect(refused).toThrow("setup.py would fail without the version in it")
    expect(refused).toThrow(sentence)
  })

  test("may go from a setup.py that runs another file", () => {
    const executed = [{ path: "setup.py", line: 4, name: "helpers.py" }]
    expect(plan({ stated: [STATED], executed }).problems).toEqual([])
  })
})
