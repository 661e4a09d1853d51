import { describe, expect, test } from "vitest"

import {
  type Difference,
  type Intent,
  judge,
  MEANT,
} from "../../../../dagger/src/migration/differences.js"
import { remedy } from "../../../../dagger/src/migration/remedies.js"

const INTENT: Intent = {
  layout: { where: "src" },
  version: { path: "src/demo/_version.py", module: "demo._version" },
  changed: ["pyproject.toml", ".gitignore", "src/demo/__init__.py"],
  deleted: ["setup.py"],
  classifiers: ["License :: OSI Approved :: MIT License"],
  from: "poetry",
  licences: 1,
  people: [
    ...["Ada", "ada@example.org", "Bob", "Bob <bob@example.org>"],
    ...["J. Cy", "J. Cy <cy@example.org>", "Dee, Jr."],
  ],
  licence: { says: "MIT", isExpression: true },
}

function difference(
  where: Difference["in"],
  kind: Difference["kind"],
  name: string,
  more: Partial<Difference> = {},
): Difference {
  return { in: where, kind, name, sha256: name.split("/").at(-1), ...more }
}

/** Ids of what is meant, and how many are not. */
function verdict(...differences: Difference[]) {
  const { meant, problems } = judge(differences, INTENT)
  return { meant: meant.map(({ id }) => id), problems: problems.length }
}

describe("a difference that is meant", () => {
  test("may be the version that setuptools' own files no longer state", () => {
    const changed = ["setup.cfg", "setup.py"]
    const intent: Intent = { ...INTENT, from: "setuptools", changed }
    const all = changed.map((name) => difference("sdist", "changed", name))
    const { meant, problems } = judge(all, intent)
    expect(problems).toEqual([])
    expect(meant).toMatchObject([{ id: "setup-version" }])
    const other = [difference("sdist", "changed", "setup.py")]
    const untouched = judge(other, { ...intent, changed: [] })
    expect(untouched.problems).toHaveLength(1)
  })

  test.each<[string, Difference]>([
    ["version-file", difference("wheel", "added", "demo/_version.py")],
    ["version-file", difference("sdist", "changed", "src/demo/_version.py")],
    ["version-source", difference("wheel", "changed", "demo/__init__.py")],
    ["version-source", difference("sdist", "changed", "src/demo/__init__.py")],
    ["configuration", difference("sdist", "changed", "pyproject.toml")],
    ["configuration", difference("sdist", "added", ".gitignore")],
    ["setup-script", difference("sdist", "lost", "setup.py")],
    ["setuptools", difference("wheel", "added", ".dist-info/top_level.txt")],
    ["setuptools", difference("sdist", "added", "setup.cfg")],
    ["setuptools", difference("sdist", "lost", "demo.egg-info/SOURCES.txt")],
    ["generator", difference("wheel", "field", "WHEEL Generator")],
    ["metadata-version", difference("wheel", "field", "Metadata-Version")],
    ["dynamic", difference("wheel", "field", "Dynamic")],
    ["spelling", difference("wheel", "spelling", "Keywords")],
    ["licence-file", difference("wheel", "field", "License-File")],
    [
      "authors",
      difference("wheel", "field", "Author-email", {
        before: ["ada@example.org"],
        after: ["ada@example.org, Bob <bob@example.org>"],
      }),
    ],
    [
      "authors",
      difference("wheel", "field", "Maintainer-email", {
        after: ['"J. Cy" <cy@example.org>, Bob <bob@example.org>'],
      }),
    ],
    [
      "authors",
      difference("wheel", "field", "Author", { after: ["Dee, Jr."] }),
    ],
    ["licence", difference("wheel", "field", "License", { before: ["MIT"] })],
    ["licence", difference("wheel", "field", "License", { after: [" MIT"] })],
    ["authors", difference("wheel", "field", "Author", { before: ["Ada"] })],
    ["authors", difference("wheel", "field", "Author", { after: ["Bob"] })],
    [
      "licence-classifiers",
      difference("wheel", "field", "Classifier", {
        before: ["License :: OSI Approved :: MIT License", "Typing :: Typed"],
        after: ["Typing :: Typed"],
      }),
    ],
  ])("%s: %o", (id, one) => {
    expect(verdict(one)).toEqual({ meant: [id], problems: 0 })
    expect(MEANT.map((row) => row.id)).toContain(id)
  })

  test("version-file: an sdist that had it without its folder", () => {
    const moved = [
      difference("sdist", "lost", "demo/_version.py"),
      difference("sdist", "added", "src/demo/_version.py"),
    ]
    expect(verdict(...moved)).toEqual({ meant: ["version-file"], problems: 0 })
  })

  test("source-folder: an sdist that had the files without their folder", () => {
    const moved = [
      difference("sdist", "lost", "demo/a.py"),
      difference("sdist", "added", "src/demo/a.py"),
      difference("sdist", "lost", "demo/__init__.py", { sha256: "old" }),
      difference("sdist", "added", "src/demo/__init__.py", { sha256: "new" }),
    ]
    expect(verdict(...moved)).toEqual({ meant: ["source-folder"], problems: 0 })
    const [lost, , , added] = moved as [
      Difference,
      Difference,
      Difference,
      Difference,
    ]
    expect(verdict(lost, added).problems).toBe(2)
  })
})

describe("a difference that is not meant", () => {
  test.each<Difference>([
    difference("wheel", "lost", "demo/data/a.jar"),
    difference("wheel", "added", "demo/tests/test_a.py"),
    difference("wheel", "changed", "demo/other.py"),
    difference("wheel", "executable", "demo/_version.py"),
    difference("wheel", "broken", "demo/__init__.py"),
    difference("wheel", "names", "demo/_version.py"),
    difference("wheel", "lost", ".dist-info/top_level.txt"),
    difference("sdist", "lost", "src/demo/_version.py"),
    difference("wheel", "lost", "demo/_version.py"),
    difference("wheel", "lost", "setup.py"),
    difference("sdist", "changed", "setup.py"),
    difference("sdist", "lost", "pyproject.toml"),
    difference("sdist", "lost", "docs/a.md"),
    difference("wheel", "field", "Summary"),
    difference("wheel", "field", "License-File", { before: ["COPYING"] }),
    difference("wheel", "field", "Author", { before: ["Cy"], after: [] }),
    difference("wheel", "field", "Classifier", {
      before: [],
      after: ["Typing :: Typed"],
    }),
    difference("wheel", "field", "Classifier", {
      before: ["Typing :: Typed"],
      after: [],
    }),
  ])("%o is a problem", (one) => {
    expect(verdict(one)).toEqual({ meant: [], problems: 1 })
  })

  test.each<[Difference, string]>([
    [
      difference("wheel", "lost", "demo/data/a.jar"),
      'demo/data/a.jar is lost. Name it in [tool.setuptools.package-data]: demo = ["data/a.jar"]',
    ],
    [difference("wheel", "lost", "demo/a.py"), 'include = ["demo*"]'],
    [difference("wheel", "lost", "six.py"), 'py-modules = ["six"]'],
    [
      difference("wheel", "lost", ".dist-info/licenses/a/COPYING"),
      'license-files = ["a/COPYING"]',
    ],
    [
      difference("wheel", "lost", ".data/data/share/a.1"),
      '[tool.setuptools.data-files]: "share"',
    ],
    [difference("wheel", "lost", ".data/scripts/run"), "script-files"],
    [difference("wheel", "added", ".dist-info/licenses/X"), "license-files"],
    [difference("wheel", "added", "conftest.py"), "py-modules"],
    [difference("wheel", "added", "demo/tests/test_a.py"), '["demo.tests*"]'],
    [
      difference("wheel", "added", "demo/a.txt"),
      '[tool.setuptools.exclude-package-data]: "demo" = ["a.txt"]',
    ],
    [difference("wheel", "changed", "demo/a.txt"), "build hook"],
    [difference("sdist", "lost", "a.md"), "`include a.md` in MANIFEST.in"],
    [difference("sdist", "added", "a.md"), "`exclude a.md` in MANIFEST.in"],
    [
      difference("wheel", "broken", "demo/a.py", { after: ["bad (line 1)"] }),
      "demo/a.py does not compile: bad (line 1). Let it import its version",
    ],
    [
      difference("wheel", "names", "demo/_version.py", { before: ["TITLE"] }),
      "demo/_version.py has lost TITLE. Move what is lost into a module",
    ],
    [
      difference("wheel", "executable", "demo/a.py"),
      "git update-index --chmod=-x src/demo/a.py",
    ],
    [
      difference("wheel", "field", "Summary", { before: ["A"], after: ["B"] }),
      "Summary was A, and is B. Write it in [project]: description.",
    ],
    [
      difference("wheel", "field", "Obsoletes", { after: ["x"] }),
      "Obsoletes was nothing, and is x. Write it in [tool.setuptools]: obsoletes.",
    ],
    [
      difference("wheel", "field", "Requires-External", { before: ["C"] }),
      "Requires-External was C, and is nothing. setuptools cannot write it",
    ],
    [difference("wheel", "field", "WHEEL Tag"), "universal = true"],
    [difference("wheel", "field", "[console_scripts] a"), "[project.scripts]"],
    [
      difference("wheel", "field", "[pytest11] a"),
      '[project.entry-points."pytest11"]',
    ],
  ])("%o is told with what mends it", (one, says) => {
    expect(remedy(one, "src")).toContain(says)
  })

  test("at the top of the repository has no folder before it", () => {
    const one = difference("wheel", "executable", "demo/a.py")
    expect(remedy(one, ".")).toContain("--chmod=-x demo/a.py")
    const { meant } = judge(
      [difference("wheel", "changed", "demo/__init__.py")],
      { ...INTENT, layout: { where: "." }, changed: ["demo/__init__.py"] },
    )
    expect(meant.map(({ id }) => id)).toEqual(["version-source"])
  })
})

/** Every field of core metadata 2.5, and of its forms before. */
const FIELDS = [
  ...["Metadata-Version", "Name", "Version", "Dynamic", "Platform"],
  ...["Supported-Platform", "Summary", "Description"],
  ...["Description-Content-Type", "Keywords", "Author", "Author-email"],
  ...["Maintainer", "Maintainer-email", "License", "License-Expression"],
  ...["License-File", "Classifier", "Requires-Dist", "Requires-Python"],
  ...["Requires-External", "Project-URL", "Provides-Extra", "Import-Name"],
  ...["Import-Namespace", "Provides-Dist", "Obsoletes-Dist", "Home-page"],
  ...["Download-URL", "Requires", "Provides", "Obsoletes"],
]
/** Those that no backend loses by being another one. */
const FORM = ["Metadata-Version", "Dynamic"]

describe.each(FIELDS)("the field %s, lost", (name) => {
  const lost = (where: Difference["in"]) =>
    difference(where, "field", name, { before: ["x"], after: [] })

  test(FORM.includes(name) ? "is listed" : "is a problem by its name", () => {
    for (const where of ["wheel", "sdist"] as const) {
      const { meant, problems } = judge([lost(where)], INTENT)
      if (FORM.includes(name)) expect(meant).toHaveLength(1)
      else expect(problems[0]).toContain(`${where}: ${name} was x, and is no`)
    }
  })
})

describe("what the licence was and is", () => {
  const change = (before: string[], after: string[]) =>
    difference("wheel", "field", "License", { before, after })
  const meant = (one: Difference, licence: Intent["licence"]) =>
    judge([one], { ...INTENT, licence }).problems.length === 0

  test("is no other one", () => {
    const licence = { says: "MIT", isExpression: true }
    expect(meant(change(["BSD"], []), licence)).toBe(false)
    expect(meant(change(["MIT"], ["MIT", "MIT"]), licence)).toBe(false)
    expect(meant(change(["MIT"], []), undefined)).toBe(false)
  })

  test("is not lost where it is a text", () => {
    const licence = { says: "MIT\nor not", isExpression: false }
    expect(meant(change(["MIT\n        or not"], []), licence)).toBe(false)
    expect(meant(change([], ["MIT\n        or not"]), licence)).toBe(true)
  })
})

test("what flit worked out to be importable is listed, other names are not", () => {
  const one = difference("wheel", "field", "Import-Name", { before: ["demo"] })
  const flit = { ...INTENT, from: "flit" as const }
  expect(judge([one], flit)).toMatchObject({
    ...{ meant: [{ id: "import-names" }], problems: [] },
  })
  const other = { ...one, after: ["other"] }
  expect(judge([other], flit).problems).toHaveLength(1)
})

test("a description is told by its beginning, on one line", () => {
  const before = [`# Demo\n\n${"long ".repeat(40)}`]
  const lost = difference("wheel", "field", "Description", { before })
  const told = remedy(lost, "src")
  expect(told).toMatch(
    /^wheel: Description was # Demo long .*…, and is nothing\./,
  )
  expect(told).not.toContain("\n")
  expect(told.length).toBeLessThan(300)
  expect(told).toContain('such as readme = "README.md"')
})
