import { expect, test } from "vitest"
import { readManifest } from "../../../dagger/src/manifest.js"

const manifest = { schema: "pypi-deploy/build/1", files: [], project: "demo" }

test("a manifest is read as build wrote it", () => {
  expect(readManifest(JSON.stringify(manifest))).toEqual(manifest)
})

test.each([
  "",
  "null",
  "{}",
  JSON.stringify({ ...manifest, schema: "pypi-deploy/build/9" }),
  JSON.stringify({ ...manifest, files: "none" }),
])("%s is none", (text) => {
  expect(() => readManifest(text)).toThrow(/no manifest of pypi-deploy\/build/)
})
