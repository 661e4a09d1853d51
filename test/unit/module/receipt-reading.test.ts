import { expect, test } from "vitest"

import { RECEIPT_SCHEMA } from "../../../dagger/src/receipt.js"
import { readReceipt } from "../../../dagger/src/receipt-reading.js"
import { failedReceipt, RECEIPT } from "../../fixtures/receipt.js"

const again = (receipt: object) => readReceipt(JSON.stringify(receipt))

test("a receipt is read back", () => {
  const failed = failedReceipt("No.", "uploaded", "not uploaded")
  const told = {
    ...RECEIPT,
    ...{ commit: null, ref: null, notifications: [], files: [] },
  }
  for (const receipt of [RECEIPT, failed, told])
    expect(again(receipt)).toEqual(receipt)
})

test("a receipt from before failures had one is of a success", () => {
  const { failure, ...old } = RECEIPT
  expect(failure).toBeNull()
  expect(again(old)).toEqual(RECEIPT)
})

test.each(["", "null", "[]", '{"schema":"pypi-deploy/plan/1"}'])(
  "%j is no receipt",
  (text) => {
    expect(() => readReceipt(text)).toThrow(
      `The file is no receipt of the form ${RECEIPT_SCHEMA}.`,
    )
  },
)

const [file] = RECEIPT.files
test.each<[string, object]>([
  ["project", { project: 1 }],
  ["version", { version: null }],
  ["commit", { commit: undefined }],
  ["index", { index: null }],
  ["index.upload", { index: { ...RECEIPT.index, upload: 7 } }],
  ["files", { files: "x" }],
  ["files[0]", { files: [1] }],
  ["files[1].sha256", { files: [file, { ...file, sha256: 1 }] }],
  ["gates.tests", { gates: { checks: [] } }],
  ["tools[1]", { tools: ["a==1", 2, 3] }],
  ["confirmation.imported", { confirmation: { python: null } }],
  ["context", { context: "x" }],
])("a receipt without a good %s is refused", (field, changes) => {
  expect(() => again({ ...RECEIPT, ...changes })).toThrow(
    `The receipt has no ${field} of the form ${RECEIPT_SCHEMA}.`,
  )
})
