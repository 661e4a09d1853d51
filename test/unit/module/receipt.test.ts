import { expect, test } from "vitest"
import { Format } from "../../../dagger/src/format.js"
import { render } from "../../../dagger/src/page.js"
import {
  type Receipt,
  receiptPage,
  stopwatch,
} from "../../../dagger/src/receipt.js"

const receipt: Receipt = {
  schema: "pypi-deploy/receipt/2",
  project: "demo",
  version: "1.0",
  commit: "1a2b3c",
  dryRun: false,
  ref: "refs/tags/v1.0",
  channel: { kind: "final", why: "final releases go to pypi" },
  tools: ["setuptools==84.2.1"],
  claims: {},
  attestations: { mode: "best-effort", files: [] },
  context: {},
  index: { id: "pypi", upload: "https://u/", simple: "https://s/" },
  files: [
    {
      ...{ name: "demo-1.0.tar.gz", kind: "sdist", sha256: "ab", size: 7 },
      ...{ outcome: "uploaded", seconds: 0.5, attempts: 2, faults: ["503: x"] },
    },
  ],
  gates: {
    tests: [{ python: "3.11", outcome: "2 passed" }],
    checks: ["names", "sizes"],
  },
  confirmation: { python: "3.11", imported: ["demo"], serial: "7" },
  stages: [{ name: "build", seconds: 1.25 }],
  seconds: 3,
  notices: ["A note."],
  install: "pip install demo==1.0",
}

test("a receipt says what was done, with hashes and times", () => {
  expect(render(receipt, receiptPage, Format.Text)).toBe(
    `demo 1.0 is published to pypi

commit     1a2b3c
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
  expect(text).toContain("confirmed  nothing was uploaded")
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
