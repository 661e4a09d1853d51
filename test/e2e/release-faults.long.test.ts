import { afterEach, beforeAll, beforeEach, expect, test } from "vitest"

import type { FaultKind } from "../servers/faults/faults.js"
import { type FaultOptions, startFaults } from "../servers/faults/proxy.js"
import {
  type Fault,
  type GitHub,
  startGitHub,
} from "../servers/github/server.js"
import { call } from "./call.js"
import { build } from "./dist.js"
import { expectDone, expectSentence } from "./expect.js"
import { attached, type Built, built, push, releaseArgs } from "./release.js"

const token = "a-token-of-this-test"
let one: Built
let github: GitHub
beforeAll(async () => {
  one = await built("v1.1.0", async (source) => (await build(source)).folder)
})
beforeEach(async () => {
  github = await startGitHub(token)
  push(github, one.repository, "v1.1.0")
})
afterEach(() => github.stop())

const release = (port = github.port, ...flags: string[]) =>
  call(releaseArgs({ ...github, port }, one, ...flags), {
    environment: { GITHUB_TOKEN: token },
  })

/** `release` through a proxy; what it did is in `proxy`. */
async function through(options: Partial<FaultOptions>) {
  const upstream = { url: github.url }
  const proxy = await startFaults({ upstream, ...options })
  try {
    const outcome = await release(proxy.port, "--deadline=240")
    return { outcome, proxy }
  } finally {
    await proxy.stop()
  }
}

/** One release, published, with each file once. */
function expectWhole() {
  const { releases, latest } = github.state
  expect(releases).toHaveLength(1)
  expect(releases[0]).toMatchObject({ draft: false, tag_name: "v1.1.0" })
  expect(releases[0]?.assets).toHaveLength(one.files.size)
  expect(attached(github)).toEqual(one.files)
  expect(latest).toBe(releases[0]?.id)
}

test.each<FaultKind>([
  ...(["reset connection", "reset before body", "reset during body"] as const),
  ...(["reset after body", "503", "502 after storing", "429"] as const),
  ...(["429 with Retry-After", "slow answer", "no answer"] as const),
  "truncated answer",
])("a release gets through %s, whole and once", async (kind) => {
  const { outcome, proxy } = await through({ script: [kind, kind, kind] })
  expectDone(outcome)
  expect(proxy.counts()[kind]).toBe(3)
  expectWhole()
})

test.each([11, 12, 13])(
  "a release gets through all of them at a fifth of requests, seed %i",
  async (seed) => {
    const { outcome, proxy } = await through({ rate: 0.2, seed })
    expectDone(outcome)
    expect(Object.keys(proxy.counts()).length).toBeGreaterThan(1)
    expectWhole()
  },
)

/** What GitHub does with some requests, and how many of them. */
const ROWS: [what: string, matching: RegExp, ...faults: Fault[]][] = [
  ["a primary limit of reads", /^GET/, "primary limit", "primary limit"],
  ["a primary limit of writes", /^(POST|PATCH)/, "primary limit"],
  ["a secondary limit of reads", /^GET/, "secondary limit"],
  ["a secondary limit of writes", /^(POST|PATCH)/, "secondary limit"],
  ["a limit in other words", /^(POST|PATCH)/, "plain limit", "plain limit"],
  ["a release that is made without an answer", /^POST .*releases$/, "lost"],
  ["answers to writes that break off", /^(POST|PATCH)/, "cut", "cut", "cut"],
  ["uploads that break off", /assets$/, "half", "reset", "lost", "half"],
]

test.each(ROWS)("a release gets through %s", async (_, matching, ...faults) => {
  github.fail(matching, ...faults)
  expectDone(await release(github.port, "--deadline=240"))
  expectWhole()
})

test("a limit that ends after the deadline is told at once", async () => {
  github.fail(/^POST .*releases$/, "long limit")
  const start = Date.now()
  const outcome = await release(github.port, "--deadline=120")
  expect(outcome.exitCode).toBe(1)
  expectSentence(outcome, /answers 403.*rate limit.*--deadline/i)
  expect(Date.now() - start).toBeLessThan(100_000)
  expect(github.state.releases).toEqual([])
})

test("faults that do not end are an error at the deadline, and a rerun goes on", async () => {
  const { outcome } = await through({
    ...{ kinds: ["503"], rate: 1 },
  })
  expect(outcome.exitCode).toBe(1)
  expectSentence(outcome, /Call again: what is done is not done twice/)
  expectDone(await release())
  expectWhole()
}, 400_000)
