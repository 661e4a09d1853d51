import { describe, expect, test } from "vitest"
import type { VersionHook } from "../../../../dagger/src/migration/backends.js"
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
  given?: VersionHook,
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
    const hook = { file: path, template: undefined }
    const found = { path, module: "demo.about" }
    expect(module(["demo/__init__.py"], {}, hook)).toEqual(found)
    const template = 'VERSION = "{version}"'
    expect(module(["demo/__init__.py"], {}, { file: path, template })).toEqual({
      ...found,
      template,
    })
    const nowhere = { file: undefined, template }
    expect(module(["demo/__init__.py"], {}, nowhere)).toEqual({
      path: "src/demo/_version.py",
      module: "demo._version",
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

  test("takes the place of a _version.py like it, and leaves others", () => {
    const paths = ["demo/__init__.py", "demo/_version.py"]
    const onlyVersions = ["src/demo/_version.py"]
    expect(module(paths, { onlyVersions })?.path).toBe("src/demo/_version.py")
    expect(module(paths)?.path).toBe("src/demo/_scm_version.py")
    expect(module([...paths, "demo/_scm_version.py"])).toBeUndefined()
  })

  test("is none where there is no package", () => {
    expect(module(["demo.py"])).toBeUndefined()
  })
})

type Stated = [path: string, names: string[], value: string]

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
    const { own } = ownLiterals(readLayout(facts), facts, written)
    expect(own.map(({ path, names }) => [path, ...names])).toEqual([
      ["src/demo/__init__.py", "__version__"],
      ["src/demo/__init__.py", "VERSION"],
    ])
  })

  /** Which of some literals are taken for the project's, by line. */
  function owned(literals: Stated[], module?: typeof written) {
    const found = literals.map(([path, names, value], index) => ({
      ...literal(path, names, value),
      line: index + 1,
    }))
    const tracked = [...new Set(literals.map(([path]) => path))].map((path) =>
      file(path),
    )
    const files = tracked.map(({ path }) => file(path.slice("src/".length)))
    const facts = survey({ tracked, literals: found, wheel: { files } })
    const { own, foreign } = ownLiterals(readLayout(facts), facts, module)
    expect(own.length + foreign.length).toBe(literals.length)
    return own.map(({ line }) => line)
  }

  test("with another value is a stale one where a package has its version", () => {
    const old = (path: string): Stated => [path, ["__version__"], "0.1.0"]
    const paths = [
      ...["src/demo/__init__.py", "src/demo/__about__.py"],
      ...["src/demo/version.py", "src/demo/unicode.py"],
      "src/demo/part/__init__.py",
    ]
    expect(owned(paths.map(old), written)).toEqual([1, 2, 3])
  })

  test("with its value is the project's by its name, and not vendored", () => {
    const found = owned(
      [
        ["src/demo/__init__.py", ["VERSION"], "0.5.4"],
        ["src/demo/__init__.py", ["SCHEMA_VERSION"], "0.5.4"],
        ["src/demo/__init__.py", ["API_VERSION", "version"], "0.5.4"],
        ["src/demo/part/cli.py", ["__version__"], "0.5.4"],
        ["src/demo/_vendor/six/__init__.py", ["VERSION"], "0.5.4"],
        ["src/demo/third_party/x.py", ["__version__"], "0.5.4"],
      ],
      written,
    )
    expect(found).toEqual([1, 3, 4])
  })

  test("of a single module is its own, whatever it says", () => {
    expect(owned([["src/six.py", ["__version__"], "0.1.0"]])).toEqual([1])
    expect(
      owned([
        ["src/one.py", ["__version__"], "0.1.0"],
        ["src/two.py", ["__version__"], "0.5.4"],
      ]),
    ).toEqual([2])
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
    expect(edit?.text).toContain('__version__ = _version_of("six")')
  })
  test("asks what is installed where a template gives no __version__", () => {
    const template = 'VERSION = "{version}"'
    const [edit] = literalEdits(
      [literal("src/demo/__init__.py")],
      { ...written, template },
      "demo",
    )
    expect(edit?.text).toContain('__version__ = _version_of("demo")')
    const [other] = literalEdits(
      [literal("src/demo/__init__.py")],
      { ...written, template: '__version__ = "{version}"' },
      "demo",
    )
    expect(other?.text).toBe("from ._version import __version__")
  })
})
