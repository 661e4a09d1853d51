import { describe, expect, test } from "vitest"

import { Format } from "../../../dagger/src/format.js"
import { render } from "../../../dagger/src/page.js"
import {
  beginReceipt,
  RECEIPT_SCHEMA,
  stateOf,
  stopwatch,
  titleOf,
} from "../../../dagger/src/receipt.js"
import { receiptPage, receiptText } from "../../../dagger/src/receipt-page.js"
import { failedReceipt, RECEIPT as receipt } from "../../fixtures/receipt.js"

test("a receipt says what was done, with hashes and times", () => {
  expect(render(receipt, receiptPage, Format.Text)).toBe(
    `demo 1.0 is published to pypi

commit     1a2b3c4d5e6f
ref        refs/tags/v1.0
channel    final releases go to pypi
index      https://u/
gates      2 passed on 3.11; 2 checks passed
confirmed  sha256 of every file; installed on 3.11, imports demo
install    pip install demo==1.0

file             outcome   attempts  bytes  sha256
demo-1.0.tar.gz  uploaded  2         7      ab

stage  time
build  1.3 s
total  3.0 s

- A note.`,
  )
})

test("a receipt of files that were built elsewhere says so", () => {
  const index = { ...receipt.index, id: "url" }
  const confirmation = { python: null, imported: [], serial: "" }
  const nothing = { commit: null, ref: null, install: null, confirmation }
  const bare = { ...receipt, ...nothing, index }
  const text = render(bare, receiptPage, Format.Text)
  expect(text).toContain("is published to https://u/")
  expect(text).toContain("built elsewhere")
  expect(text).toContain("for this call only")
  expect(text).toContain("installed nowhere: `confirm` does")
  expect(text).not.toContain("ref ")
  const dry = { ...bare, dryRun: true, confirmation: null }
  expect(render(dry, receiptPage, Format.Text)).toContain(
    "nothing was uploaded",
  )
})

test("a receipt says who published, and what was signed", () => {
  const signed = { mode: "required", files: ["demo-1.0.tar.gz"] }
  const context = { url: "https://ci/runs/7", actor: "ada" }
  const claims = { job_workflow_ref: "ada/demo/.github/workflows/x.yml@main" }
  const trail = { ...receipt, attestations: signed, context, claims }
  const text = render(trail, receiptPage, Format.Text)
  expect(text).toContain("identity   ada/demo/.github/workflows/x.yml@main")
  expect(text).toContain("run        https://ci/runs/7 by ada")
  expect(text).toContain("signed     1 files, required")
  const actor = { ...receipt, context: { actor: "ada" } }
  expect(render(actor, receiptPage, Format.Text)).toContain("by ada")
})

test("a dry run says that nothing was uploaded", () => {
  const dry = { ...receipt, dryRun: true, confirmation: null }
  const text = render(dry, receiptPage, Format.Text)
  expect(text).toContain("would be published to pypi")
  expect(text).toContain("confirmed  nothing was to confirm")
})

describe("a receipt of a failure", () => {
  test.each([
    ["refused", [], "demo 1.0 is not published to pypi"],
    ["refused", ["not uploaded"], "demo 1.0 is not published to pypi"],
    [
      ...(["half", ["uploaded", "not uploaded"]] as const),
      "demo 1.0 is half published to pypi",
    ],
    [
      ...(["unconfirmed", ["already there", "uploaded"]] as const),
      "demo 1.0 is on pypi, which does not confirm it",
    ],
  ] as const)("is %s, with files %j", (state, outcomes, title) => {
    const failed = failedReceipt("No.", ...outcomes)
    expect(stateOf(failed)).toBe(state)
    expect(titleOf(failed)).toBe(title)
  })

  test("says why, whether it was confirmed, and no line that installs", () => {
    const failed = failedReceipt("No.\n\n    Really.", "uploaded")
    const text = receiptText(failed, Format.Text, true)
    expect(text).toContain("confirmed  no\n")
    expect(text).toContain("- No.\n-     Really.\n- A note.")
    expect(text).not.toContain("install")
    const refused = receiptText(failedReceipt("No."), Format.Text, true)
    expect(refused).toContain("nothing was to confirm")
  })

  test("is an error, unless it may be one", () => {
    const failed = failedReceipt("No.")
    expect(() => receiptText(failed, Format.Markdown, false)).toThrow(
      /^demo 1\.0 is not published to pypi\n\ncommit/,
    )
    expect(receiptText(failed, Format.Markdown, true)).toMatch(/^### demo/)
    expect(receiptText(receipt, Format.Markdown, false)).toMatch(/^### demo/)
  })
})

test("a receipt begins with what is known before the gates", () => {
  const { project, version, commit, ref, channel, index } = receipt
  const { dryRun, context, stages } = receipt
  const known = { project, version, commit, ref, channel, index }
  const begun = beginReceipt({ ...known, dryRun, context, stages }, "off")
  expect(begun).toMatchObject({
    ...{ ...known, schema: RECEIPT_SCHEMA, files: [], failure: null },
    attestations: { mode: "off", files: [] },
  })
  expect(Object.keys(begun).sort()).toEqual(Object.keys(receipt).sort())
})

test("a receipt says who was told", () => {
  const told = receiptPage({
    ...receipt,
    notifications: [
      { to: "slack", outcome: "sent" },
      { to: "discord", outcome: "failed", reason: "it answers 404" },
    ],
  })
  expect(told.facts).toContainEqual(["told slack", "sent"])
  expect(told.facts).toContainEqual(["told discord", "failed: it answers 404"])
})

test("a stopwatch notes each stage that ended", async () => {
  const times = [0, 100, 1600, 2000, 3000]
  const watch = stopwatch(() => times.shift() ?? 0)
  expect(await watch.time("build", async () => "made")).toBe("made")
  const fails = async () => {
    throw new Error("no")
  }
  await expect(watch.time("test", fails)).rejects.toThrow("no")
  expect(watch.stages).toEqual([{ name: "build", seconds: 1.5 }])
  expect(watch.total()).toBe(3)
})
