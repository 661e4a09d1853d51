import { describe, expect, test } from "vitest"
import { releasesOf } from "../../../dagger/src/dist.js"
import type { Manifest } from "../../../dagger/src/manifest.js"
import {
  recordNotices,
  recordRefusals,
  refRefusals,
} from "../../../dagger/src/recorded.js"

const names = ["demo_pkg-1.0.tar.gz", "demo_pkg-1.0-py3-none-any.whl"]
const [sdist, wheel] = releasesOf(names)
if (sdist === undefined || wheel === undefined) throw new Error("no files")

const manifest: Manifest = {
  ...{ schema: "pypi-deploy/build/1", project: "Demo.Pkg", version: "1.0" },
  ...{ commit: "c0ffee", edited: [], python: "3.11", tools: [], unpinned: [] },
  files: [
    { name: sdist.name, kind: "sdist", sha256: "00", size: 1 },
    { name: wheel.name, kind: "wheel", sha256: "00", size: 1 },
  ],
}

describe("a folder is refused where", () => {
  test("not: it is what its manifest says", () => {
    expect(recordRefusals(manifest, sdist)).toEqual([])
  })

  test.each([
    ["the manifest is of another version", { version: "9.9" }],
    ["the manifest is of another project", { project: "other" }],
  ])("%s", (_, other) => {
    expect(recordRefusals({ ...manifest, ...other }, sdist)).toEqual([
      expect.stringMatching(/^pypi-deploy\.json is of .* of demo_pkg 1\.0\./),
    ])
  })

  test("it was built from an edited tree", () => {
    const edited = ["src/demo.py"]
    expect(recordRefusals({ ...manifest, edited }, sdist)).toEqual([
      expect.stringMatching(/not the commit: src\/demo\.py changed/),
    ])
  })
})

test("files that the manifest does not name are told", () => {
  expect(recordNotices(manifest, [sdist, wheel])).toEqual([])
  const more = releasesOf(["demo_pkg-1.0-1-py3-none-any.whl"])
  expect(recordNotices(manifest, [sdist, wheel, ...more])).toEqual([
    expect.stringContaining("does not name demo_pkg-1.0-1-py3-none-any.whl:"),
  ])
})

test.each([
  ["refs/tags/v1.0", true],
  ["refs/tags/1.0.0", true],
  ["refs/tags/v9.9.9", false],
  ["refs/tags/other-v9.9.9", true],
  ["refs/heads/v9.9.9", true],
  ["", true],
])("files of 1.0 may be those of %j: %s", (ref, may) => {
  expect(refRefusals(ref, { version: "1.0" }).length === 0).toBe(may)
})
