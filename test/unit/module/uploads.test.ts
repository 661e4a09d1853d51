import { expect, test } from "vitest"

import type { DistFile } from "../../../dagger/src/manifest.js"
import { brokenOff, uploadedFiles } from "../../../dagger/src/uploads.js"

const file = (name: string): DistFile => ({
  ...{ name, kind: "sdist", sha256: "ab", size: 7 },
})

test("an upload that broke off tells how far it came, and why", () => {
  const stdout = JSON.stringify({
    ...{ simple: "https://s/", claims: { sub: "me" }, error: "No." },
    files: [{ name: "a", outcome: "uploaded" }],
  })
  expect(brokenOff({ exitCode: 1, stdout, stderr: "" })).toEqual({
    ...{ simple: "https://s/", claims: { sub: "me" }, error: "No." },
    files: [{ name: "a", outcome: "uploaded" }],
  })
})

test("an upload that crashed tells why", () => {
  const crashed = brokenOff({ exitCode: 3, stdout: "", stderr: "Oh." })
  expect(crashed).toMatchObject({ simple: "", claims: {}, files: [] })
  expect(crashed.error).toMatch(
    /The upload failed \(exit code 3\)\.\n.*\n.*Oh\./,
  )
})

test("files have what became of them; the others were not uploaded", () => {
  const done = { name: "a", attempts: 2, faults: ["503: x"], seconds: 1 }
  const files = [
    { ...done, outcome: "uploaded" as const },
    { ...done, name: "b", outcome: "" as const },
  ]
  const none = { attempts: 0, faults: [], seconds: 0 }
  expect(uploadedFiles(["a", "b", "c"].map(file), { files })).toEqual([
    { ...file("a"), ...done, outcome: "uploaded" },
    { ...file("b"), ...done, name: "b", outcome: "not uploaded" },
    { ...file("c"), ...none, outcome: "not uploaded" },
  ])
})
