import { expect, test } from "vitest"
import { readManifest } from "../../../dagger/src/manifest.js"

const manifest = {
  ...{ schema: "pypi-deploy/build/1", project: "demo", version: "1.0" },
  ...{ commit: "c0ffee", edited: [], tools: [], files: [] },
}

test("a manifest is read as build wrote it", () => {
  expect(readManifest(JSON.stringify(manifest))).toEqual(manifest)
})

test.each([
  "",
  "null",
  "{}",
  JSON.stringify({ ...manifest, schema: "pypi-deploy/build/9" }),
  JSON.stringify({ ...manifest, files: "none" }),
  JSON.stringify({ ...manifest, edited: undefined }),
  JSON.stringify({ ...manifest, project: undefined }),
  JSON.stringify({ ...manifest, version: "" }),
])("%s is none", (text) => {
  expect(() => readManifest(text)).toThrow(/no manifest of pypi-deploy\/build/)
})
