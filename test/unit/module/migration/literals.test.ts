import { describe, expect, test } from "vitest"

import { readLayout } from "../../../../dagger/src/migration/layout.js"
import {
  literalEdits,
  ownLiterals,
  versionModule,
} from "../../../../dagger/src/migration/literals.js"
import { file, survey } from "./survey.js"

function literal(path: string, names = ["__version__"], value = "0.5.4") {
  return { path, line: 1, names, value, start: 0, end: 21 }
}

/** The module that setuptools-scm would write for these files. */
function module(
  paths: string[],
  changed: Parameters<typeof survey>[0] = {},
  given?: string,
) {
  const facts = survey({
    tracked: paths.map((path) => file(`src/${path}`)),
    ...changed,
    wheel: { files: paths.map((path) => file(path)) },
  })
  return versionModule(readLayout(facts), facts, "De-Mo", given)
}

describe("the module that setuptools-scm writes", () => {
  test("is _version.py in the package", () => {
    const found = module(["demo/__init__.py"])
    expect(found).toEqual({
      path: "src/demo/_version.py",
      module: "demo._version",
    })
  })

  test("is where the old backend wrote it", () => {
    const path = "src/demo/about.py"
    expect(module(["demo/__init__.py"], {}, path)).toEqual({
      path,
      module: "demo.about",
    })
  })

  test("is in the package that has had the version", () => {
    const literals = [literal("src/other/__init__.py")]
    const paths = ["demo/__init__.py", "other/__init__.py"]
    expect(module(paths, { literals })?.module).toBe("other._version")
  })

  test("is in the package of the project's name, or else the first", () => {
    const named = module(["aaa/__init__.py", "de_mo/__init__.py"])
    expect(named?.module).toBe("de_mo._version")
    const first = module(["aaa/__init__.py", "bbb/__init__.py"])
    expect(first?.module).toBe("aaa._version")
  })

  test("prefers the package that has both name and version", () => {
    const literals = [
      literal("src/aaa/__init__.py"),
      literal("src/de_mo/__init__.py"),
    ]
    const paths = ["aaa/__init__.py", "de_mo/__init__.py"]
    expect(module(paths, { literals })?.module).toBe("de_mo._version")
  })

  test("lies below a namespace", () => {
    const found = module(["demo/part/__init__.py", "demo/part/x/__init__.py"])
    expect(found?.path).toBe("src/demo/part/_version.py")
    expect(module(["demo/x.py"])?.path).toBe("src/demo/_version.py")
  })

  test("takes the place of a _version.py of constants, and leaves others", () => {
    const paths = ["demo/__init__.py", "demo/_version.py"]
    const onlyAssigns = ["src/demo/_version.py"]
    expect(module(paths, { onlyAssigns })?.path).toBe("src/demo/_version.py")
    expect(module(paths)?.path).toBe("src/demo/_scm_version.py")
  })

  test("is none where there is no package", () => {
    expect(module(["demo.py"])).toBeUndefined()
  })
})

describe("a literal version", () => {
  const facts = survey({
    literals: [
      literal("src/demo/__init__.py"),
      literal("src/demo/__init__.py", ["DEFAULT"]),
      literal("src/demo/__init__.py", ["VERSION"]),
      literal("src/demo/__init__.py", ["VERSION"], "0.5.3"),
      literal("src/demo/_version.py"),
      literal("docs/conf.py"),
    ],
  })
  const written = { path: "src/demo/_version.py", module: "demo._version" }

  test("is replaced where it is the project's, and installed", () => {
    const found = ownLiterals(readLayout(facts), facts, written)
    expect(found.map(({ path, names }) => [path, ...names])).toEqual([
      ["src/demo/__init__.py", "__version__"],
      ["src/demo/__init__.py", "VERSION"],
    ])
  })

  test.each([
    [
      "src/demo/__init__.py",
      ["__version__"],
      "from ._version import __version__",
    ],
    ["src/demo/a/b.py", ["__version__"], "from .._version import __version__"],
    [
      "src/other/x.py",
      ["__version__"],
      "from demo._version import __version__",
    ],
    [
      "src/demo/x.py",
      ["VERSION"],
      "from ._version import __version__ as VERSION",
    ],
    [
      "src/demo/x.py",
      ["VERSION", "__version__"],
      "from ._version import __version__\nVERSION = __version__",
    ],
    [
      "src/demo/x.py",
      ["__version__", "VERSION", "version"],
      "from ._version import __version__\nVERSION = __version__\nversion = __version__",
    ],
    [
      "src/demo/x.py",
      ["VERSION", "RELEASE_VERSION"],
      "from ._version import __version__ as VERSION\nRELEASE_VERSION = VERSION",
    ],
  ])("in %s, %s, becomes an import", (path, names, text) => {
    const [edit] = literalEdits([literal(path, names)], written, "demo")
    expect(edit).toEqual({ path, start: 0, end: 21, text })
  })

  test("in a module beside no package asks what is installed", () => {
    const [edit] = literalEdits([literal("six.py")], undefined, "six")
    expect(edit?.text).toContain('__version__ = _version("six")')
  })
})
