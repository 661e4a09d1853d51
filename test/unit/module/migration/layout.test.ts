import { describe, expect, test } from "vitest"

import {
  readLayout,
  unusedFolders,
} from "../../../../dagger/src/migration/layout.js"
import { manifestLines } from "../../../../dagger/src/migration/manifest-in.js"
import { file, survey } from "./survey.js"

/** The layout of a project with these tracked files, and those in the wheel. */
function layout(tracked: string[], wheel: string[], data: string[] = []) {
  return readLayout(
    survey({
      tracked: tracked.map((path) => file(path)),
      wheel: {
        files: wheel.map((path) => file(path)),
        data: data.map((path) => file(path)),
      },
    }),
  )
}

describe("the layout that a wheel was made of", () => {
  test("is a src folder where the files lie in one", () => {
    const found = readLayout(survey())
    expect(found.where).toBe("src")
    expect(found.packages).toEqual(["demo"])
    expect(found.homeless).toEqual([])
    expect(found.settings).toEqual({
      packages: { find: { where: ["src"] } },
      "package-data": { demo: ["py.typed"] },
    })
  })

  test("names the packages at the top, so that others there are not taken", () => {
    const { settings, where } = layout(
      ["demo/__init__.py", "tests/test_demo.py"],
      ["demo/__init__.py"],
    )
    expect(where).toBe(".")
    expect(settings.packages).toEqual({
      find: { where: ["."], include: ["demo", "demo.*"] },
    })
  })

  test("names them in src too, where another package is there that is not meant", () => {
    const { settings } = layout(
      ["src/demo/__init__.py", "src/tools/__init__.py"],
      ["demo/__init__.py"],
    )
    expect(settings.packages).toEqual({
      find: { where: ["src"], include: ["demo", "demo.*"] },
    })
  })

  test("names data by its extension where that takes no other file", () => {
    const { settings } = layout(
      ["demo/__init__.py", "demo/data/jars/a.jar", "demo/data/jars/b.jar"],
      ["demo/__init__.py", "demo/data/jars/a.jar", "demo/data/jars/b.jar"],
    )
    expect(settings["package-data"]).toEqual({ demo: ["data/jars/*.jar"] })
  })

  test("names data by name where its neighbours are not in the wheel", () => {
    const { settings } = layout(
      ["demo/__init__.py", "demo/a.txt", "demo/b.txt", "demo/NOTES"],
      ["demo/__init__.py", "demo/a.txt", "demo/NOTES"],
    )
    expect(settings["package-data"]).toEqual({ demo: ["a.txt", "NOTES"] })
    expect(settings["exclude-package-data"]).toEqual({ demo: ["b.txt"] })
  })

  test("gives data to the nearest package", () => {
    const { settings } = layout(
      ["demo/__init__.py", "demo/sub/__init__.py", "demo/sub/x/y.json"],
      ["demo/__init__.py", "demo/sub/__init__.py", "demo/sub/x/y.json"],
    )
    expect(settings["package-data"]).toEqual({ "demo.sub": ["x/*.json"] })
  })

  test("leaves out folders that the old backend left out", () => {
    const { settings } = layout(
      ["demo/__init__.py", "demo/tests/test_a.py", "demo/tests/x/b.txt"],
      ["demo/__init__.py"],
    )
    expect(settings).toEqual({
      packages: {
        find: {
          where: ["."],
          include: ["demo", "demo.*"],
          exclude: ["demo.tests", "demo.tests.*"],
        },
      },
      "exclude-package-data": { demo: ["tests/*"] },
    })
  })

  test("is modules where there is no package", () => {
    const flat = layout(["six.py"], ["six.py"])
    expect(flat.settings).toEqual({ "py-modules": ["six"], packages: [] })
    const { settings } = layout(["src/six.py"], ["six.py"])
    expect(settings["package-dir"]).toEqual({ "": "src" })
  })

  test("finds files for other folders by their content", () => {
    const { settings, homeless } = layout(
      ["demo/__init__.py", "docs/demo.1", "bin/run.sh"],
      ["demo/__init__.py"],
      ["data/share/man/man1/demo.1", "scripts/run.sh", "headers/demo.h"],
    )
    expect(settings["data-files"]).toEqual({
      "share/man/man1": ["docs/demo.1"],
    })
    expect(settings["script-files"]).toEqual(["bin/run.sh"])
    expect(homeless).toEqual([".data/headers/demo.h"])
  })

  test("is where most files lie, and of folders alike the highest", () => {
    const copies = ["old/demo/__init__.py", "src/demo/__init__.py"]
    const wheel = ["demo/__init__.py", "demo/a.py"]
    expect(layout([...copies, "src/demo/a.py"], wheel).where).toBe("src")
    const deep = ["vendored/demo/__init__.py", "src/demo/__init__.py"]
    expect(layout(deep, wheel).where).toBe("src")
  })

  test("names what is in the wheel and not in the repository", () => {
    const { homeless, where } = layout([], ["demo/generated.py"])
    expect(homeless).toEqual(["demo/generated.py"])
    expect(where).toBe(".")
  })
})

test("the folders that hold nothing used are the highest of them", () => {
  const unused = ["a/b/c.txt", "a/b/d/e.txt", "f/g.txt", "h.txt"]
  expect(unusedFolders(unused, ["a/x.txt"])).toEqual(["a/b", "f"])
})

describe("MANIFEST.in", () => {
  test("is not needed where the sdist had all that git tracks", () => {
    expect(manifestLines(survey(), "src")).toEqual([])
  })

  test("knows files of an sdist that did without the src folder", () => {
    const sdist = [
      ...["README.md", "LICENSE"].map((path) => file(path)),
      ...["demo/__init__.py", "demo/py.typed"].map((path) => file(path)),
    ]
    expect(manifestLines(survey({ sdist }), "src")).toEqual([])
  })

  test("leaves out what the sdist did not have, by folder where it can", () => {
    const tracked = [
      ...["pyproject.toml", "MANIFEST.in", "README.md", "tox.ini"],
      ...["docs/a.md", "docs/b/c.md", "tests/test_a.py", "tests/data.bin"],
    ]
    const sdist = ["README.md", "tests/test_a.py"].map((path) => file(path))
    const facts = survey({ tracked: tracked.map((path) => file(path)), sdist })
    expect(manifestLines(facts, ".")).toEqual([
      "prune docs",
      "exclude tox.ini",
      "exclude tests/data.bin",
    ])
  })
})
