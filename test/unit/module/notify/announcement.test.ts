import { describe, expect, test } from "vitest"

import {
  announcementOf,
  type News,
} from "../../../../dagger/src/notify/announcement.js"
import { badEnd, readJobs } from "../../../../dagger/src/notify/jobs.js"
import { failedReceipt, RECEIPT } from "../../../fixtures/receipt.js"

const announce = (news: Partial<News>) =>
  announcementOf({ receipt: RECEIPT, jobs: {}, context: {}, ...news })

describe("a receipt is announced", () => {
  test("with what people want to know", () => {
    const context = { url: "https://ci/runs/7" }
    expect(announce({ receipt: { ...RECEIPT, context } })).toEqual({
      done: true,
      title: "demo 1.0 is published to pypi",
      link: "https://ci/runs/7",
      facts: [
        ["commit", "1a2b3c4d5"],
        ["install", "pip install demo==1.0"],
        ["took", "3 s"],
      ],
      files: ["demo-1.0.tar.gz (uploaded)"],
      remarks: ["A note."],
    })
  })

  test("without what is not known", () => {
    const bare = { ...RECEIPT, commit: null, install: null, dryRun: true }
    expect(announce({ receipt: bare })).toMatchObject({
      ...{ done: true, title: "demo 1.0 would be published to pypi" },
      ...{ link: null, facts: [["took", "3 s"]] },
    })
  })

  test.each([
    [[], /^demo 1\.0 is not published to pypi$/],
    [["uploaded", "not uploaded"], /^demo 1\.0 is half published to pypi$/],
    [["uploaded"], /^demo 1\.0 is on pypi, which does not confirm it$/],
  ] as const)("as a failure, with files %j", (outcomes, title) => {
    const receipt = failedReceipt("No.\n\n  Why.", ...outcomes)
    const found = announce({ receipt, jobs: { pypi: "failure" } })
    expect(found.title).toMatch(title)
    expect(found).toMatchObject({
      ...{ done: false, remarks: ["No.", "  Why.", "A note."] },
      files: outcomes.map((it, place) => `demo-1.0.${place}.tar.gz (${it})`),
    })
  })

  test("as a failure, where a job behind the publish failed", () => {
    const jobs = { pypi: "success", install: "failure", release: "skipped" }
    expect(announce({ jobs })).toMatchObject({
      ...{ done: false, remarks: ["A note."] },
      title: "demo 1.0 is published to pypi, but install failed",
    })
  })
})

describe("a run without a receipt is announced", () => {
  const context = { repository: "me/demo", ref: "refs/tags/v1" }
  test.each([
    [{ build: "failure" }, context, "me/demo at refs/tags/v1: build failed"],
    [{ build: "failure" }, {}, "The repository: build failed"],
    [{ publish: "cancelled" }, {}, "The repository: publish cancelled"],
    [
      { a: "failure", b: "cancelled", c: "failure", d: "skipped" },
      {},
      "The repository: a, c failed; b cancelled",
    ],
    [
      { b: "success" },
      context,
      "me/demo at refs/tags/v1: the run has ended well",
    ],
  ])("by its jobs %j and its context %j", (jobs, context, title) => {
    expect(announce({ receipt: null, jobs, context })).toEqual({
      ...{ done: title.endsWith("well"), title, link: null },
      ...{ facts: [], files: [], remarks: [] },
    })
  })
})

test.each([
  ["https://ci/1", "https://ci/1"],
  ["javascript:alert(1)", null],
  ["https://", null],
  [`https://ci/${"x".repeat(600)}`, null],
])("the run %s is linked as %s", (url, link) => {
  expect(announce({ context: { url } }).link).toBe(link)
})

describe("jobs", () => {
  test("are read as GitHub has them", () => {
    const needs = {
      build: { result: "failure", outputs: {} },
      x: { result: "" },
    }
    const jobs = readJobs(JSON.stringify(needs))
    expect(jobs).toEqual({ build: "failure", x: "" })
    expect(badEnd(jobs)).toBe("build failed; x did not succeed")
    expect(readJobs("")).toEqual({})
  })

  test.each(["{", "[]", "{}", '{"build": "failure"}', '{"build": {}}'])(
    "are not read of %s",
    (text) => {
      expect(() => readJobs(text)).toThrow(/--jobs is not what toJSON\(needs\)/)
    },
  )
})
