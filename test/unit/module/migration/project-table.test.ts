import { describe, expect, test } from "vitest"

import {
  builtExtras,
  dynamicFields,
  mailboxes,
  needFor,
  peopleIn,
  poetryPeople,
  projectFields,
  projectTable,
  selfReferences,
  usesSpdx,
} from "../../../../dagger/src/migration/project-table.js"
import { survey } from "./survey.js"

describe("[project], read off what was built", () => {
  const facts = survey({
    wheel: {
      fields: {
        Name: ["demo"],
        Summary: ["A demo"],
        "Requires-Python": [">=3.9"],
        "License-Expression": ["MIT"],
        Author: ["Ada", "Bob"],
        "Author-email": ['"Cy" <cy@example.org>, dee@example.org'],
        Keywords: ["a, b"],
        Classifier: ["Typing :: Typed"],
        "Requires-Dist": ["click (>=8)", 'rich ; extra == "color"'],
        "Provides-Extra": ["color"],
        "Home-page": ["https://example.org"],
        "Project-URL": ["Docs, https://docs.example.org"],
        "Description-Content-Type": ["text/markdown; charset=UTF-8"],
      },
      entryPoints: {
        console_scripts: { demo: "demo:main" },
        pytest11: { demo: "demo.plugin" },
      },
    },
  })

  test("is all that a project without one said elsewhere", () => {
    expect(projectTable(facts)).toEqual({
      name: "demo",
      dynamic: ["version"],
      description: "A demo",
      readme: "README.md",
      "requires-python": ">=3.9",
      license: "MIT",
      authors: [
        { name: "Ada" },
        { name: "Bob" },
        { name: "Cy", email: "cy@example.org" },
        { email: "dee@example.org" },
      ],
      keywords: ["a", "b"],
      classifiers: ["Typing :: Typed"],
      dependencies: ["click>=8"],
      "optional-dependencies": { color: ["rich"] },
      urls: {
        Homepage: "https://example.org",
        Docs: "https://docs.example.org",
      },
      scripts: { demo: "demo:main" },
      "entry-points": { pytest11: { demo: "demo.plugin" } },
    })
  })

  test("is the name alone where nothing else was said", () => {
    const bare = survey({ readme: null, wheel: { fields: { Name: ["demo"] } } })
    expect(projectTable(bare)).toEqual({ name: "demo", dynamic: ["version"] })
  })

  test("has no description that is empty", () => {
    const bare = survey({ wheel: { fields: { Summary: [""] } } })
    expect(projectFields(bare, ["description"])).toEqual({})
  })

  test("is the fields that are asked for", () => {
    expect(projectFields(facts, ["description"])).toEqual({
      description: "A demo",
    })
  })

  test("says what a readme is where its name does not", () => {
    const plain = survey({ readme: "README" })
    plain.wheel.fields["Description-Content-Type"] = ["text/plain"]
    expect(projectFields(plain, ["readme"])).toEqual({
      readme: { file: "README", "content-type": "text/plain" },
    })
  })

  test("keeps a licence that is no expression as text", () => {
    const words = survey()
    words.wheel.fields.License = ["MIT"]
    const found = projectFields(words, ["license"])
    expect(found).toEqual({ license: { text: "MIT" } })
  })
})

test.each([
  ["rich>=13", null, "rich>=13"],
  ["rich>=13", "color", "rich>=13"],
  ['rich; extra == "color"', null, undefined],
  ['rich; extra == "color"', "Color", "rich"],
  ['rich; extra == "color"', "other", undefined],
  [
    "foo>=1; (python_version >= '3.9') and extra == 'dev'",
    "dev",
    "foo>=1; python_version >= '3.9'",
  ],
  [
    'foo (>=1) ; (python_version >= "3.9") and (extra == "dev" or extra == "x.y")',
    "x-y",
    'foo>=1; python_version >= "3.9"',
  ],
  [
    'foo; (a == "1" or b not in "2") and c == "3" and extra == "x"',
    "x",
    'foo; (a == "1" or b not in "2") and c == "3"',
  ],
  ['foo; a == "1" or b == "2"', null, 'foo; a == "1" or b == "2"'],
  ['foo[x] (>=1,<2); extra == "a" or extra == "b"', "b", "foo[x]>=1,<2"],
  ['foo; os_name == "a" or extra == "x"', null, 'foo; os_name == "a"'],
  ['foo; os_name == "a" or extra == "x"', "x", "foo"],
  [
    'foo @ https://example.org/a;b ; extra == "x"',
    "x",
    "foo @ https://example.org/a;b",
  ],
])("of %s the extra %s has %s", (line, extra, need) => {
  expect(needFor(line, extra)).toBe(need)
})

describe("extras that name each other", () => {
  const pyproject = {
    project: {
      name: "De.mo",
      "optional-dependencies": { all: ["de-mo[test]"], test: ["pytest"] },
    },
  }

  test("are found", () => {
    expect(selfReferences(pyproject)).toEqual(["all"])
    expect(selfReferences({})).toEqual([])
  })

  test("become what was built", () => {
    const facts = survey()
    facts.wheel.fields["Provides-Extra"] = ["all"]
    facts.wheel.fields["Requires-Dist"] = ['pytest; extra == "all"']
    expect(builtExtras(facts, ["all", "gone"])).toEqual({ all: ["pytest"] })
  })
})

test("what is left to the backend is filled in, but not of setuptools' own", () => {
  const pyproject = { project: { dynamic: ["version", "readme"] } }
  const fields = (backend: Parameters<typeof dynamicFields>[0]["backend"]) =>
    dynamicFields({ pyproject, backend })
  expect(fields("setuptools")).toEqual([])
  expect(fields("flit")).toEqual(["readme"])
  expect(fields("poetry").slice(0, 2)).toEqual(["readme", "classifiers"])
})

test("what [project] does not say is in Poetry's own table", () => {
  const project = { dynamic: ["classifiers"], license: "MIT", urls: {} }
  const found = dynamicFields({ pyproject: { project }, backend: "poetry" })
  expect(found).toEqual([...new Set(found)])
  expect(found).toContain("keywords")
  expect(found).not.toContain("license")
  expect(found).not.toContain("urls")
})

test("people are known by name, by address and by both", () => {
  const authors = [{ name: "Ada", email: "ada@example.org" }, { name: "Bob" }]
  expect(peopleIn({ authors })).toEqual([
    ...["Ada", "ada@example.org", "Ada <ada@example.org>", "Bob"],
  ])
})

test("people are told apart by commas outside of quotes", () => {
  expect(mailboxes('"J. \\"Jay\\" Cy, Jr." <cy@example.org>, dee@x')).toEqual([
    'J. "Jay" Cy, Jr. <cy@example.org>',
    "dee@x",
  ])
  expect(mailboxes("")).toEqual([])
})

test("Poetry's people are all those that its table has", () => {
  const authors = ["Ada <ada@example.org>", "Bob", "<cy@example.org>"]
  const poetry = { authors, maintainers: ["Dee"] }
  expect(poetryPeople({ tool: { poetry } })).toEqual({
    authors: [
      { name: "Ada", email: "ada@example.org" },
      { name: "Bob" },
      { email: "cy@example.org" },
    ],
  })
})

test("licence expressions and files are PEP 639's", () => {
  expect(usesSpdx({ license: "MIT" })).toBe(true)
  expect(usesSpdx({ "license-files": [] })).toBe(true)
  expect(usesSpdx({ license: { text: "MIT" } })).toBe(false)
})
