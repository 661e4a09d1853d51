import { expect, test } from "vitest"
import { Format } from "../../../dagger/src/format.js"
import { render } from "../../../dagger/src/page.js"
import {
  RECEIPT_SCHEMA,
  type Receipt,
  readReceipt,
  receiptPage,
  stopwatch,
} from "../../../dagger/src/receipt.js"

const receipt: Receipt = {
  schema: "pypi-deploy/receipt/1",
  project: "demo",
  version: "1.0",
  commit: "1a2b3c",
  index: { id: "pypi", upload: "https://u/", simple: "https://s/" },
  files: [
    {
      ...{ name: "demo-1.0.tar.gz", kind: "sdist", sha256: "ab", size: 7 },
      ...{ outcome: "uploaded", seconds: 0.5 },
    },
  ],
  gates: {
    tests: [{ python: "3.11", outcome: "2 passed" }],
    checks: ["names", "sizes"],
  },
  confirmation: { python: "3.11", imported: ["demo"] },
  stages: [{ name: "build", seconds: 1.25 }],
  seconds: 3,
  notices: ["A note."],
  install: "pip install demo==1.0",
}

test("a receipt says what was done, with hashes and times", () => {
  expect(render(receipt, receiptPage, Format.Text)).toBe(
    `demo 1.0 is published to pypi

commit     1a2b3c
index      https://u/
gates      2 passed on 3.11; 2 checks passed
confirmed  sha256 of every file; installed on 3.11, imports demo
install    pip install demo==1.0

file             outcome   bytes  sha256
demo-1.0.tar.gz  uploaded  7      ab

stage  time
build  1.3 s
total  3.0 s

- A note.`,
  )
})

test("a receipt of files that were built elsewhere says so", () => {
  const index = { ...receipt.index, id: "url" }
  const bare = { ...receipt, commit: null, install: null, index }
  const text = render(bare, receiptPage, Format.Text)
  expect(text).toContain("is published to https://u/")
  expect(text).toContain("built elsewhere")
  expect(text).toContain("for this call only")
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

test("a receipt is read back, and nothing else is", () => {
  const text = JSON.stringify({ schema: RECEIPT_SCHEMA, project: "greeter" })
  expect(readReceipt(text).project).toBe("greeter")
  for (const other of ["", "null", '{"schema":"pypi-deploy/plan/1"}'])
    expect(() => readReceipt(other)).toThrow(
      "The file is no receipt of the form pypi-deploy/receipt/1.",
    )
})
