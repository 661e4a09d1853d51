import { describe, expect, test } from "vitest"

import {
  decideRollback,
  lastGood,
  type RollbackFacts,
  rollbackSteps,
} from "../../../../dagger/src/rollback/decide.js"
import { rollbackPage } from "../../../../dagger/src/rollback/page.js"
import { PLAIN } from "../../../../dagger/src/tagging.js"
import { facts as github, release } from "../release/facts.js"

const NOW = Date.parse("2026-03-20T12:00:00Z")
const file = (version: string, yanked = false, uploaded = "") => [
  { name: `demo-${version}.tar.gz`, version, yanked, uploaded },
  { name: `demo-${version}-py3-none-any.whl`, version, yanked, uploaded },
]
const forward = [
  {
    tag: "v1.2.1",
    when: "Then",
    commands: ["git tag"],
    notes: "Notes.\n\n- A",
  },
]

const facts = (changes: Partial<RollbackFacts> = {}): RollbackFacts => ({
  ...{ project: "demo", version: "1.2.0", tag: "v1.2.0", tagging: PLAIN },
  ...{ manage: "https://x.example/manage/", index: "pypi", expected: null },
  files: ["1.0.0", "1.1.0", "1.2.0"].flatMap((it) => file(it)),
  ...{ forward, now: NOW },
  ...{ github: null, ...changes },
})

const other = (tag: string, id = 3) => ({
  ...{ id, tag, draft: false, prerelease: false },
})

describe("a bad release", () => {
  test("is yanked by hand, and rolled forward", () => {
    const plan = decideRollback(facts())
    expect(plan).toMatchObject({ state: "whole", good: "1.1.0", steps: [] })
    expect(plan.byHand[0]).toMatch(/Yank demo 1\.2\.0: https:\/\/x\.example/)
    expect(plan.byHand[1]).toContain("https://docs.pypi.org/")
    expect(plan.forward).toBe(forward)
    const elsewhere = decideRollback(facts({ manage: null }))
    expect(elsewhere.byHand[0]).toContain("the index's own page")
  })

  test("that is yanked already is said so", () => {
    const files = [...file("1.1.0"), ...file("1.2.0", true)]
    expect(decideRollback(facts({ files })).byHand).toEqual([
      "pypi has demo 1.2.0 yanked already.",
    ])
  })

  test("becomes a draft on GitHub, after the last good is the latest", () => {
    const published = release({ draft: false })
    const there = github({
      ...{ releases: [published], latest: "v1.2.0" },
      others: [other("v1.1.0"), other("nightly", 4)],
    })
    const steps = rollbackSteps(facts({ github: there }), "1.1.0")
    expect(steps.map((it) => it.step)).toEqual([
      { does: "update", release: 3, changes: { make_latest: "true" } },
      { does: "update", release: 5, changes: { draft: true } },
    ])
    const plan = decideRollback(facts({ github: there }))
    expect(plan.steps.map((it) => it.done)).toEqual([false, false])
    expect(plan.steps[0]?.what).toContain("v1.1.0")
  })

  test("is left alone on GitHub once it is back", () => {
    const there = github({
      ...{ releases: [release()], latest: "v1.1.0" },
      others: [other("v1.1.0")],
    })
    expect(rollbackSteps(facts({ github: there }), "1.1.0")).toEqual([])
    expect(rollbackSteps(facts({ github: github() }), null)).toEqual([])
  })

  test("that cannot be changed is marked", () => {
    const fixed = release({ draft: false, immutable: true })
    const there = github({ releases: [fixed], latest: "v2.0.0" })
    const [step] = rollbackSteps(facts({ github: there }), "1.1.0")
    expect(step?.step).toMatchObject({
      changes: { prerelease: true, make_latest: "false" },
    })
    const marked = { ...fixed, prerelease: true }
    const done = github({ releases: [marked], latest: "v2.0.0" })
    expect(rollbackSteps(facts({ github: done }), "1.1.0")).toEqual([])
  })
})

describe("a half-published release is completed, not taken back", () => {
  test("by what was built", () => {
    const files = [...file("1.1.0"), ...file("1.2.0").slice(0, 1)]
    expect(decideRollback(facts({ files })).state).toBe("whole")
    const expected = file("1.2.0").map((it) => it.name)
    const published = github({ releases: [release({ draft: false })] })
    const plan = decideRollback(facts({ files, expected, github: published }))
    expect(plan).toMatchObject({ state: "half", steps: [], forward: [] })
    expect(plan.byHand[0]).toMatch(/lacks demo-1\.2\.0-py3-none-any\.whl/)
    expect(plan.byHand[1]).toMatch(/14 days after the first;/)
  })

  test("by what the release before has, where nothing says what was built", () => {
    const files = [...file("1.1.0"), ...file("1.2.0").slice(1)]
    const plan = decideRollback(facts({ files }))
    expect(plan.byHand[0]).toContain("lacks the sdist of demo 1.2.0")
    const expected = [file("1.2.0")[1]?.name ?? ""]
    expect(decideRollback(facts({ files, expected })).state).toBe("whole")
    // A project without sdists lacks none.
    const wheels = files.filter((it) => it.name.endsWith(".whl"))
    expect(decideRollback(facts({ files: wheels })).state).toBe("whole")
    const first = file("1.2.0").slice(1)
    expect(decideRollback(facts({ files: first })).state).toBe("whole")
  })

  test.each([
    ["2026-03-20T00:00:00Z", /after the first, 13 from now;/],
    ["2026-03-06T13:00:00Z", /after the first, 0 from now;/],
  ])("while the index takes files, from %s on", (uploaded, says) => {
    const files = [...file("1.1.0"), ...file("1.2.0", false, uploaded).slice(1)]
    const plan = decideRollback(facts({ files }))
    expect(plan.byHand[1]).toMatch(says)
    expect(plan.forward).toEqual([])
  })

  test("unless it is too late for that", () => {
    const old = file("1.2.0", false, "2026-03-06T11:00:00Z")
    const files = [...file("1.1.0"), ...old.slice(1)]
    const plan = decideRollback(facts({ files }))
    expect(plan.byHand).toHaveLength(1)
    expect(plan.byHand[0]).toMatch(/takes no more files.*a new version/)
    expect(plan.forward).toBe(forward)
  })
})

test("a release that is not there is nothing to yank", () => {
  const plan = decideRollback(facts({ files: file("1.1.0") }))
  expect(plan).toMatchObject({ state: "absent", forward: [] })
  expect(plan.byHand[0]).toMatch(/nothing can be installed/)
})

test("the last good one is final, lower, and not yanked", () => {
  const files = [
    ...[...file("1.0.0"), ...file("1.1.0", true), ...file("1.1.1rc1")],
    ...[...file("1.2.0"), ...file("2.0.0")],
  ]
  expect(lastGood("1.2.0", files)).toBe("1.0.0")
  expect(lastGood("1.0.0", files)).toBeNull()
})

test("the page says what is done with --apply, and what was done", () => {
  const there = github({ releases: [release({ draft: false })] })
  const plan = decideRollback(facts({ github: there }))
  const page = rollbackPage(plan)
  expect(page.title).toMatch(/^What a rollback of demo 1\.2\.0 would do/)
  expect(page.tables[0]?.[1]?.[1]).toBe("with --apply")
  const steps = plan.steps.map((it) => ({ ...it, done: true }))
  const done = rollbackPage({
    ...{ ...plan, steps, applied: true, good: null, problem: "No." },
  })
  expect(done.title).toMatch(/is rolled back as far as can be/)
  expect(done.facts).toContainEqual(["it does not install", "No."])
  expect(rollbackPage({ ...plan, steps: [] }).tables).toEqual([])
  const again = rollbackPage({ ...plan, steps: [], applied: true })
  expect(again.title).toMatch(/is rolled back as far as can be/)
  expect(again.facts).toContainEqual(["on GitHub", "nothing was left to do"])
  expect(page.texts).toEqual([
    { title: "Then: v1.2.1", text: "git tag\n\nNotes.\n\n- A" },
  ])
})
