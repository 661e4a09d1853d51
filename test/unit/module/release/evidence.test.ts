import { describe, expect, test } from "vitest"

import { MANIFEST_SCHEMA } from "../../../../dagger/src/manifest.js"
import { evidenceOf } from "../../../../dagger/src/release/evidence.js"
import { RECEIPT } from "../../../fixtures/receipt.js"
import { FILES } from "./facts.js"

const [like] = RECEIPT.files
const files = FILES.map((file) => ({ ...like, ...file }))
const receipt = (changes: object = {}) =>
  JSON.stringify({
    ...{ ...RECEIPT, project: "Demo", version: "1.2.0", commit: "abc", files },
    ...{ install: "pip install Demo==1.2.0", ...changes },
  })

const evidence = (paper: string | null, manifest: string | null = null) =>
  evidenceOf([...FILES, { name: "pypi-deploy.json", sha256: "c" }], {
    ...{ manifest, receipt: paper },
  })

test("a receipt of the very files is evidence", () => {
  expect(evidence(receipt())).toEqual({
    ...{ project: "Demo", version: "1.2.0", commit: "abc", confirmed: true },
    install: "pip install Demo==1.2.0",
  })
})

test("without a receipt, what the build says of them is known", () => {
  const none = { commit: null, confirmed: false, install: null }
  expect(evidence(null)).toEqual({ project: "demo", version: "1.2.0", ...none })
  const built = { schema: MANIFEST_SCHEMA, project: "Demo", version: "1.2.0" }
  const lists = { edited: [], tools: [], files: [] }
  const manifest = JSON.stringify({ ...built, ...lists, commit: "d" })
  const known = { project: "Demo", commit: "d" }
  expect(evidence(null, manifest)).toMatchObject(known)
  expect(evidence(receipt({ commit: null }), manifest)).toMatchObject(known)
  expect(() => evidence(null, "{}")).toThrow(/is no manifest of/)
})

const broken = files.map((file, place) => ({
  ...{ ...file, outcome: place === 0 ? "uploaded" : "not uploaded" },
}))
test.each<[string, object, RegExp]>([
  ["another version", { version: "1.3" }, /is of version 1\.3/],
  ["no version", { version: "x" }, /is of version x, and the files are 1\.2/],
  [
    ...(["other bytes", { files: files.slice(1) }] as const),
    /bytes of demo-1\.2\.0\.tar/,
  ],
  [
    "a publish that broke off",
    { failure: "No.", confirmation: null, files: broken },
    /--receipt says: Demo 1\.2\.0 is half published to pypi\. Pass/,
  ],
  ["a dry run", { dryRun: true }, /says: Demo 1\.2\.0 would be published/],
  [
    "a rehearsal",
    { index: { ...RECEIPT.index, id: "rehearsal" } },
    /is of a rehearsal, whose index is gone/,
  ],
  ["no confirmation", { confirmation: null }, /does not say that the index/],
  ["no form", { files: "x" }, /The receipt has no files of the form/],
])("a receipt of %s is refused", (_what, changes, says) => {
  expect(() => evidence(receipt(changes))).toThrow(says)
})

describe("a manifest beside the files", () => {
  const beside = (...built: { name: string; sha256: string }[]) => {
    const of = { project: "Demo", version: "1.2.0", commit: "abc" }
    const lists = { edited: [], tools: [], files: built }
    const manifest = { schema: MANIFEST_SCHEMA, ...of, ...lists }
    return () => evidence(null, JSON.stringify(manifest))
  }
  const [, wheel] = FILES

  test("with their bytes is evidence", () => {
    expect(beside(...FILES)()).toMatchObject({ commit: "abc" })
    // Wheels of other machines may lie there, too.
    expect(beside(...FILES.slice(0, 1))()).toMatchObject({ commit: "abc" })
  })

  test("with other bytes is a refusal, and so are files that lack", () => {
    const other = { name: wheel?.name ?? "", sha256: "ee" }
    const lost = { name: "demo-1.2.0-cp311-cp311-any.whl", sha256: "dd" }
    expect(beside(...FILES.slice(0, 1), other, lost)).toThrow(
      /^demo-1\.2\.0-py3-none-any\.whl has sha256 bb, and .* says ee: .*\ndemo-1\.2\.0-cp311-cp311-any\.whl is not in the folder/,
    )
  })

  test("may name a wheel that auditwheel replaced", () => {
    const name = "demo-1.2.0-py3-none-linux_x86_64.whl"
    expect(beside({ name, sha256: "ee" })()).toMatchObject({ commit: "abc" })
    const abi = "demo-1.2.0-cp311-cp311-linux_x86_64.whl"
    expect(beside({ name: abi, sha256: "ee" })).toThrow(/is not in the folder/)
  })
})
