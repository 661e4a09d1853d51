import { expect, test } from "vitest"

import type { Deployment } from "../../soak/deploy.js"
import { complaints, summary } from "../../soak/summary.js"

const good: Deployment = {
  ...{ number: 1, seconds: 4, exitCode: 0, stderr: "" },
  ...{ installable: true, complete: true },
  ...{ wrongBytes: false, misreported: false },
  ...{ faults: { "503": 2 }, requests: 10 },
}
const failed: Deployment = {
  ...{ ...good, exitCode: 1, installable: false, complete: false },
}
const run = (count: number, ...others: Deployment[]) =>
  summary([...Array<Deployment>(count).fill(good), ...others])

test("one in two hundred may fail, if it says so", () => {
  expect(run(199, failed).passed).toBe(true)
  expect(run(198, failed, failed).passed).toBe(false)
})

test.each<[string, Partial<Deployment>]>([
  ["other bytes are on the index", { wrongBytes: true }],
  ["it was reported wrongly", { misreported: true }],
  ["files are missing", { complete: false }],
  ["it took 301 s", { seconds: 301 }],
])("nothing excuses that %s", (words, change) => {
  const bad = { ...good, ...change }
  expect(complaints(bad)).toContain(words)
  expect(run(999, bad).passed).toBe(false)
})

test("figures are told", () => {
  const { lines } = run(3)
  expect(lines[0]).toBe(
    "3 deployments, 3 reported as done, 100.00 % installable (at least 99.5 %)",
  )
  expect(lines.at(-1)).toBe("6 faults in 30 requests and connections: 503 6")
  expect(complaints(good)).toEqual([])
})
