import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { pinRequirements, pinsFor, readLock } from "../../../dagger/src/lock.js"
import { root } from "../../root.js"

const lock = readLock(`
[[package]]
name = "setuptools"
version = "84.2.1"
sdist = { hash = "sha256:aa" }
wheels = [{ hash = "sha256:bb" }]

[[package]]
name = "setuptools-scm"
version = "10.3.4"
dependencies = [{ name = "setuptools" }, { name = "packaging" }, { name = "gone" }]
wheels = [{ hash = "sha256:cc" }]

[[package]]
name = "packaging"
version = "26.3"

[[package]]
name = "packaging"
version = "25.0"
`)

const pins = (...requirements: string[]) => pinRequirements(lock, requirements)

test("what the lock satisfies is pinned, with what it needs, by hash", () => {
  expect(pins("setuptools_scm[toml]>=8")).toEqual({
    constraints: [
      "packaging==26.3\n",
      "setuptools==84.2.1 --hash=sha256:aa --hash=sha256:bb\n",
      "setuptools-scm==10.3.4 --hash=sha256:cc\n",
    ].join(""),
    pinned: ["packaging==26.3", "setuptools==84.2.1", "setuptools-scm==10.3.4"],
    unpinned: [],
  })
})

describe("as it is goes", () => {
  test.each([
    ["what the lock has not", "meson-python"],
    ["what the lock has in another version", "setuptools<70"],
    ["what is no requirement of a version", "demo @ https://example.com/x"],
    ["what does not parse", "@@"],
  ])("%s", (_, requirement) => {
    expect(pins(requirement)).toEqual({
      constraints: "",
      pinned: [],
      unpinned: [requirement],
    })
  })

  test("what needs a package that is asked for in another version", () => {
    const asked = ["setuptools<70", "setuptools-scm", "packaging"]
    expect(pins(...asked)).toMatchObject({
      pinned: ["packaging==26.3"],
      unpinned: ["setuptools<70", "setuptools-scm"],
    })
  })
})

test("markers and parentheses do not hide a name", () => {
  const { unpinned } = pins('packaging (>=20) ; python_version > "3"')
  expect(unpinned).toEqual([])
})

describe("the module's own lock", () => {
  const text = readFileSync(`${root}/dagger/tools/uv.lock`, "utf8")

  test("pins the usual backends, all with hashes", () => {
    const own = readLock(text)
    const { constraints, unpinned } = pinRequirements(own, [
      "setuptools>=64",
      "setuptools-scm>=8",
      "hatchling",
      "hatch-vcs",
      "flit_core<4",
    ])
    expect(unpinned).toEqual([])
    for (const line of constraints.trim().split("\n"))
      expect(line).toMatch(/^[\w.-]+==\S+( --hash=sha256:[0-9a-f]{64})+$/)
  })

  test("pins nothing on an interpreter that it is not for", () => {
    const requires = ["setuptools>=64"]
    expect(pinsFor(text, requires, "3.10").unpinned).toEqual([])
    expect(pinsFor(text, requires, "3.9")).toEqual({
      ...{ constraints: "", pinned: [], unpinned: requires },
    })
  })

  test("names public hosts only", () => {
    const hosts = [...text.matchAll(/https?:\/\/[^/"]+/g)].map(([it]) => it)
    expect(new Set(hosts)).toEqual(
      new Set(["https://pypi.org", "https://files.pythonhosted.org"]),
    )
  })
})
