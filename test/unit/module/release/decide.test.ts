import { describe, expect, test } from "vitest"

import { bodyOf } from "../../../../dagger/src/release/body.js"
import {
  assetName,
  decideRelease,
  isHighest,
  releaseOf,
} from "../../../../dagger/src/release/decide.js"
import {
  releasePage,
  releaseReport,
} from "../../../../dagger/src/release/report.js"
import { PLAIN } from "../../../../dagger/src/tagging.js"
import { asset, COMMIT, FILES, facts, release, wanted } from "./facts.js"

const [sdist, wheel] = FILES
const whole = [asset(), asset({ id: 2, name: wheel?.name ?? "", sha256: "bb" })]
const body = bodyOf("", wanted().body)

describe("what is left to do", () => {
  test("first a draft", () => {
    expect(decideRelease(wanted(), facts()).steps).toEqual([
      {
        ...{ does: "create", tag: "v1.2.0" },
        fields: { name: "v1.2.0", body, prerelease: false, draft: true },
      },
    ])
  })

  test("before it the tag, where an index confirmed the release", () => {
    const none = facts({ commit: null })
    const made = decideRelease(wanted({ confirmed: true }), none)
    expect(made.steps[0]).toEqual({
      ...{ does: "tag", tag: "v1.2.0", commit: COMMIT, message: "demo 1.2.0" },
    })
    const tagged = facts({ commit: null, releases: [release()] })
    const { steps } = decideRelease(wanted({ confirmed: true }), tagged)
    expect(steps.map((it) => it.does)).toEqual(["tag", "upload", "upload"])
    expect(decideRelease(wanted(), none).refusals).toEqual([
      expect.stringMatching(/GitHub has no tag v1\.2\.0/),
    ])
    const unknown = wanted({ confirmed: true, commit: null })
    expect(decideRelease(unknown, none).refusals).toHaveLength(1)
    expect(decideRelease(unknown, facts()).refusals).toEqual([])
  })

  test("then files that are missing or broken", () => {
    const broken = asset({ state: "starter", sha256: null })
    const some = facts({ releases: [release({ assets: [broken] })] })
    expect(decideRelease(wanted(), some).steps).toEqual([
      { does: "discard", asset: 1, name: sdist?.name },
      { does: "upload", to: "https://u", name: sdist?.name },
      { does: "upload", to: "https://u", name: wheel?.name },
    ])
  })

  test("at last what people see, and then nothing", () => {
    const draft = release({ assets: whole, body: "", name: "" })
    const { steps } = decideRelease(wanted(), facts({ releases: [draft] }))
    const changes = { draft: false, name: "v1.2.0", body, make_latest: "true" }
    expect(steps).toEqual([{ does: "update", release: 5, changes }])
    const done = release({ assets: whole, body, draft: false })
    const end = facts({ releases: [done], latest: "v1.2.0" })
    expect(decideRelease(wanted(), end)).toEqual({ refusals: [], steps: [] })
  })

  test("a candidate is a pre-release, and never the latest", () => {
    const rc = wanted({ version: "1.2.0rc1", tag: "v1.2.0rc1" })
    const draft = release({ assets: whole, body })
    const [step] = decideRelease(rc, facts({ releases: [draft] })).steps
    expect(step).toMatchObject({
      changes: { draft: false, prerelease: true, make_latest: "false" },
    })
    expect(decideRelease(rc, facts()).steps[0]).toMatchObject({
      fields: { prerelease: true },
    })
  })

  test("a published release becomes the latest, where it should be", () => {
    const done = release({ assets: whole, body, draft: false })
    const [step] = decideRelease(wanted(), facts({ releases: [done] })).steps
    expect(step).toMatchObject({ changes: { make_latest: "true" } })
  })
})

test("the highest is shown as the latest, where one made by hand was", () => {
  const done = release({ assets: whole, body, draft: false })
  const others = ["v2.0.0", "v2.1.0", "v1.0.0", "nightly"].map((tag, id) => ({
    ...{ id, tag, draft: false, prerelease: false },
  }))
  const shown = facts({ releases: [done], others, latest: "v1.2.0" })
  const latest = {
    does: "update",
    release: 1,
    changes: { make_latest: "true" },
  }
  expect(decideRelease(wanted(), shown).steps).toEqual([latest])
  const named = facts({ ...shown, releases: [{ ...done, name: "" }] })
  expect(decideRelease(wanted(), named).steps).toEqual([
    { does: "update", release: 5, changes: { name: "v1.2.0" } },
    latest,
  ])
  const other = facts({ ...shown, latest: "v2.1.0" })
  expect(decideRelease(wanted(), other).steps).toEqual([])
  const lower = facts({ ...shown, others: others.slice(2) })
  expect(decideRelease(wanted(), lower).steps).toEqual([])
})

describe("there is no way on", () => {
  test("from another commit", () => {
    const other = facts({ commit: "f".repeat(40) })
    expect(decideRelease(wanted(), other).refusals).toEqual([
      expect.stringMatching(/is commit fffffffff on GitHub.*from 1a2b3c4d5/),
    ])
  })

  test("with other bytes, each file of them", () => {
    const other = whole.map((it) => ({ ...it, sha256: "cc" }))
    const there = facts({ releases: [release({ assets: other })] })
    const { refusals, steps } = decideRelease(wanted(), there)
    expect(refusals).toHaveLength(2)
    expect(refusals[0]).toMatch(/sha256 cc there, aa here/)
    expect(steps).toEqual([])
  })

  test("with a release that cannot be changed and lacks a file", () => {
    const fixed = { immutable: true, draft: false, assets: [asset()] }
    const there = facts({ releases: [release(fixed)] })
    expect(decideRelease(wanted(), there).refusals).toEqual([
      expect.stringMatching(/cannot be changed any more.*lacks demo.*whl/),
    ])
  })
})

test("of several releases of a tag the published counts, or the first", () => {
  const published = release({ id: 9, draft: false })
  const of = (...releases: (typeof published)[]) =>
    releaseOf(facts({ releases }))?.id
  expect(of(release({ id: 7 }), published)).toBe(9)
  expect(of(release({ id: 7 }), release({ id: 6 }))).toBe(6)
  expect(of()).toBeUndefined()
})

test("the highest is above all final releases that are published", () => {
  const highest = (version: string, ...tags: string[]) =>
    isHighest(
      { version, tagging: PLAIN },
      tags.map((tag) => ({ id: 1, tag, draft: false, prerelease: false })),
    )
  expect(highest("1.0")).toBe(true)
  expect(highest("1.10", "v1.9", "nightly", "v1")).toBe(true)
  expect(highest("1.2", "v1.10")).toBe(false)
  expect(highest("2.0rc1")).toBe(false)
  expect(highest("1.0.post1", "v1.0")).toBe(true)
  const other = { id: 1, tag: "v9.0", draft: true, prerelease: false }
  expect(isHighest({ version: "1.0", tagging: PLAIN }, [other])).toBe(true)
})

test("names are as GitHub keeps them", () => {
  expect(assetName("a b~1.whl")).toBe("a.b.1.whl")
  expect(assetName("demo-1.0+x-py3-none-any.whl")).toMatch(/1\.0\+x/)
})

describe("the report", () => {
  const done = release({ assets: whole, body, draft: false })
  const after = facts({ releases: [done], latest: "v1.2.0" })

  test("tells what was made", () => {
    const report = releaseReport(wanted(), facts({ commit: null }), after)
    expect(report).toMatchObject({ outcome: "made", latest: true })
    expect(report.notices).toEqual(["The tag v1.2.0 was made."])
    expect(releasePage(report).facts).toContainEqual(["shown as", "latest"])
  })

  test("tells what was completed, and what is more", () => {
    const broken = asset({ state: "starter", sha256: null })
    const before = facts({ releases: [release({ assets: [broken] })] })
    const extra = asset({ id: 3, name: "x.txt" })
    const more = facts({
      releases: [
        { ...done, assets: [...whole, extra] },
        release({ id: 8, page: "https://x.example/8" }),
      ],
    })
    const report = releaseReport(wanted(), before, more)
    expect(report.outcome).toBe("completed")
    expect(report.files.map((it) => it.outcome)).toEqual([
      "uploaded again",
      "uploaded",
    ])
    expect(report.notices).toEqual([
      "x.txt is on the release and not in the folder.",
      expect.stringMatching(/another draft of v1\.2\.0.*x\.example\/8/),
    ])
    const shown = ["shown as", "not the latest"]
    expect(releasePage(report).facts).toContainEqual(shown)
  })

  test("tells that a candidate is shown as a pre-release", () => {
    const marked = facts({ releases: [{ ...done, prerelease: true }] })
    const report = releaseReport(wanted(), marked, marked)
    expect(releasePage(report).facts).toContainEqual([
      ...["shown as", "pre-release"],
    ])
  })

  test("tells that nothing was left to do", () => {
    const report = releaseReport(wanted(), after, after)
    expect(report.outcome).toBe("unchanged")
    expect(report.files[0]?.outcome).toBe("already there")
  })
})
