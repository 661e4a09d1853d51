import { expect, test } from "vitest"
import { Format } from "../../../dagger/src/format.js"
import { render } from "../../../dagger/src/page.js"
import { outcome, type TestReport, testPage } from "../../../dagger/src/test.js"
import { answerOf, answersOf } from "../../../dagger/src/trial.js"
import type { VerifyReport } from "../../../dagger/src/verify.js"
import { listPage, verifyPage } from "../../../dagger/src/verify-page.js"

test("a run comes to passed and skipped tests", () => {
  const run = { python: "3.11", command: "pytest" }
  expect(outcome({ ...run, tests: 5, failed: 0, skipped: 2 })).toBe(
    "3 passed, 2 skipped",
  )
  expect(outcome({ ...run, tests: 5 })).toBe("5 passed")
  expect(outcome({ ...run, tests: 5, xfailed: 1 })).toBe("4 passed, 1 xfailed")
  expect(outcome(run)).toBe("passed")
})

const tests: TestReport = {
  schema: "pypi-deploy/test/1",
  project: "demo",
  version: "1.0",
  wheel: { name: "demo.whl", sha256: "ab" },
  extras: ["test"],
  groups: ["dev"],
  runs: [{ python: "3.11", command: "tox", output: ["all good"] }],
}

test("a test report says what ran with what, and what it printed", () => {
  expect(render(tests, testPage, Format.Text)).toBe(
    `demo 1.0: tests passed

wheel   demo.whl
sha256  ab
with    extra test, group dev

python  outcome  command
3.11    passed   tox

- all good`,
  )
  const bare = { ...tests, extras: [], groups: [] }
  expect(render(bare, testPage, Format.Text)).toContain("no extra, no group")
})

test("a test report says where every test was skipped", () => {
  const run = { python: "3.11", command: "pytest", tests: 2, skipped: 2 }
  expect(render({ ...tests, runs: [run] }, testPage, Format.Text)).toContain(
    "- Every test was skipped on Python 3.11",
  )
})

const checked: VerifyReport = {
  schema: "pypi-deploy/verify/1",
  project: "demo",
  version: "1.0",
  files: [{ name: "demo.whl", kind: "wheel", sha256: "ab", size: 7 }],
  checks: [
    {
      ...{ id: "names", protects: "bad names", severity: "error" },
      ...{ evidence: ["a", "b", "c", "d"], problems: [], notes: ["odd"] },
    },
    {
      ...{ id: "size", protects: "growth", severity: "warning" },
      ...{ evidence: [], problems: ["it grew"], notes: [] },
    },
  ],
}

test("a verify report lists files and checks, and what was noted", () => {
  expect(render(checked, verifyPage, Format.Text)).toBe(
    `demo 1.0: 2 checks passed

file      bytes  sha256
demo.whl  7      ab

check  protects from  evidence
names  bad names      a; b; 2 more
size   growth

- size: it grew
- odd`,
  )
})

test("the table of checks lists each with its severity", () => {
  const row = { id: "names", protects: "bad names", severity: "error" as const }
  const list = { schema: "pypi-deploy/checks/1" as const, checks: [row] }
  expect(render(list, listPage, Format.Text)).toBe(
    `1 checks

check  severity  protects from
names  error     bad names`,
  )
})

test("what a failed install printed is its answer", () => {
  const failed = { exitCode: 1, stderr: "uv: no\n" }
  const tried = { problems: ["import x failed"], imported: [] }
  const done = { ...failed, stdout: JSON.stringify(tried) }
  expect(answerOf("Installing", done)).toEqual(tried)
})

test("an install that got nowhere is told with its output", () => {
  const failed = { exitCode: 1, stderr: "uv: no\n" }
  const early = { ...failed, stdout: '{"problems":["uv could not"]}' }
  const [said, more] = answerOf("Installing", early).problems
  expect(said).toBe("uv could not")
  expect(more).toMatch(/^Installing failed .*uv: no$/s)
  const crashed = { ...failed, stdout: "" }
  expect(answerOf("Installing", crashed).problems).toHaveLength(1)
})

test("what failed installs printed is their answer, by file", () => {
  const failed = { exitCode: 1, stderr: "uv: no\n" }
  const names = ["a.whl", "b.tar.gz"]
  const tried = { "a.whl": { problems: [] }, "b.tar.gz": { problems: ["x"] } }
  const done = { ...failed, stdout: JSON.stringify(tried) }
  expect(answersOf("Installing", names, done)).toEqual(tried)
  const crashed = answersOf("Installing", names, { ...failed, stdout: "" })
  expect(Object.keys(crashed)).toEqual(names)
  expect(crashed["a.whl"]?.problems[0]).toMatch(/^Installing failed/)
})
