import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { makeDist } from "../fixtures/distribution.js"
import { type Devpi, startDevpi } from "../servers/devpi.js"
import type { FaultKind } from "../servers/faults/faults.js"
import { type FaultOptions, startFaults } from "../servers/faults/proxy.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import { startPypiserver } from "../servers/pypiserver.js"
import { stored } from "../soak/truth.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"
import { indexFlags, placeOf } from "./place.js"
import { publishTo } from "./publish.js"
import { publishWithToken, receiptOf } from "./pypi.js"

let index: Pypi
beforeAll(async () => {
  index = await startPypi()
})
afterAll(() => index?.stop())

let number = 0
/** A version that nobody has yet. */
const fresh = async (name = "faulty") => {
  number += 1
  const version = `1.${number}`
  return { version, dist: await makeDist({ name, version }) }
}

/** Publishes through a proxy; what it did is in `proxy`. */
async function through(
  options: Partial<FaultOptions>,
  dist: string,
  ...flags: string[]
) {
  const proxy = await startFaults({
    upstream: { url: index.url, ca: index.authority.pem },
    certificate: index.authority.issue(["index"]),
    ...options,
  })
  try {
    const place = placeOf(index, proxy.port)
    const all = [`--dist=${dist}`, "--format=json", ...flags]
    const outcome = await publishWithToken(place, index.token(), ...all)
    return { outcome, proxy }
  } finally {
    await proxy.stop()
  }
}

describe("publish waits out", () => {
  test.each<FaultKind>([
    ...([
      "reset connection",
      "reset before body",
      "reset during body",
    ] as const),
    ...(["reset after body", "503", "502 after storing", "429"] as const),
    ...(["429 with Retry-After", "slow answer", "no answer"] as const),
    ...(["truncated answer", "stale listing"] as const),
  ])("%s", async (kind) => {
    const { version, dist } = await fresh()
    const { outcome, proxy } = await through({ script: [kind, kind] }, dist)
    const receipt = receiptOf(outcome)
    expect(proxy.counts()[kind]).toBe(2)
    const told = receipt.files.map(({ name, sha256 }) => ({ name, sha256 }))
    expect(stored(index, "faulty", version)).toEqual(
      expect.arrayContaining(told),
    )
    expect(told).toHaveLength(2)
  })

  test("listings that are stale for a while, by asking again", async () => {
    const { version, dist } = await fresh("stale")
    index.project("stale")
    const script: FaultKind[] = Array(4).fill("stale listing")
    const { outcome } = await through({ script }, dist)
    receiptOf(outcome)
    expect(stored(index, "stale", version)).toHaveLength(2)
  })
})

test("an upload that was stored though it failed is not sent twice", async () => {
  const { dist } = await fresh()
  const script: FaultKind[] = ["502 after storing"]
  const { outcome, proxy } = await through({ script }, dist)
  receiptOf(outcome)
  const posts = proxy.log.filter((it) => it.request === "POST /legacy/")
  expect(posts).toHaveLength(2)
})

test("an upload that goes on slowly outlasts any deadline", async () => {
  number += 1
  const version = `1.${number}`
  const ballast = randomBytes(3_000_000)
  const dist = await makeDist({ name: "faulty", version, ballast })
  // More than the deadline and the grace of half a minute together.
  const { outcome } = await through({ pace: 150_000 }, dist, "--deadline=2")
  const { files } = receiptOf(outcome)
  expect(files).toHaveLength(2)
  for (const file of files)
    expect(file).toMatchObject({ outcome: "uploaded", attempts: 1 })
})

test("trouble that does not end is an error at the deadline", async () => {
  const { version, dist } = await fresh()
  const options = { kinds: ["503"] as FaultKind[], rate: 1 }
  const start = Date.now()
  const { outcome } = await through(options, dist, "--deadline=5")
  expect(outcome.exitCode).toBe(1)
  expectSentence(outcome, /503/)
  expect(Date.now() - start).toBeLessThan(60_000)
  expect(stored(index, "faulty", version)).toEqual([])
})

describe("publish again", () => {
  test("goes on where the last one broke off, and then changes nothing", async () => {
    const { version, dist } = await fresh()
    const broken = { kinds: ["reset during body"] as FaultKind[], rate: 1 }
    const { outcome } = await through(broken, dist, "--deadline=3")
    expect(outcome.exitCode).toBe(1)
    receiptOf((await through({}, dist)).outcome)
    const serial = index.holdings.serial
    const receipt = receiptOf((await through({}, dist)).outcome)
    expect(receipt.files.map((it) => it.outcome)).toEqual([
      ...["already there", "already there"],
    ])
    expect(index.holdings.serial).toBe(serial)
    expect(stored(index, "faulty", version)).toHaveLength(2)
  })

  test("stops where other bytes have the name, with both hashes", async () => {
    const { version, dist } = await fresh()
    const first = receiptOf((await through({}, dist)).outcome)
    const other = await makeDist({
      ...{ name: "faulty", version },
      metadata: { Summary: "Another one" },
    })
    const { outcome, proxy } = await through({}, other)
    expect(outcome.exitCode).toBe(1)
    expect(first.files.some((it) => outcome.stderr.includes(it.sha256))).toBe(
      true,
    )
    expect(outcome.stderr.match(/[0-9a-f]{64}/g)?.length).toBeGreaterThan(1)
    expect(proxy.log.some((it) => it.request.startsWith("POST"))).toBe(false)
  })
})

describe("in front of devpi-server, publish waits out", () => {
  let devpi: Devpi
  let path: string
  beforeAll(async () => {
    devpi = await startDevpi()
    path = await devpi.index("faults")
  })
  afterAll(() => devpi?.stop())

  /** The hash of each file, as the index itself lists them. */
  const listed = async (): Promise<Record<string, string>> => {
    const page = await fetch(`${devpi.url}${path}+simple/faulty/`, {
      headers: { accept: "application/vnd.pypi.simple.v1+json" },
    })
    const { files } = (await page.json()) as {
      files: { filename: string; hashes: { sha256: string } }[]
    }
    return Object.fromEntries(
      files.map(({ filename, hashes }) => [filename, hashes.sha256]),
    )
  }

  test.each<FaultKind>([
    ...(["503", "502 after storing", "429 with Retry-After"] as const),
    ...(["reset during body", "reset after body", "no answer"] as const),
    ...(["truncated answer", "stale listing"] as const),
  ])("%s", async (kind) => {
    const { dist } = await fresh()
    const proxy = await startFaults({
      upstream: { url: devpi.url },
      script: [kind, kind],
    })
    const { port } = proxy
    const { user: username, password: token } = devpi
    const outcome = await publishTo(
      { port, path, username, token },
      ...[`--dist=${dist}`, "--format=json"],
    )
    await proxy.stop()
    const { files } = receiptOf(outcome)
    expect(proxy.counts()[kind]).toBe(2)
    expect(files).toHaveLength(2)
    const there = await listed()
    for (const { name, sha256 } of files) expect(there[name]).toBe(sha256)
  })
})

test("a listing that is old after a file was stored is waited for", async () => {
  const { dist } = await fresh()
  const server = await startPypiserver()
  const old: FaultKind[] = Array(6).fill("stale listing")
  const proxy = await startFaults({
    upstream: { url: server.url },
    script: ["502 after storing", ...old],
  })
  const flags = [`--dist=${dist}`, "--format=json"]
  const outcome = await publishTo({ port: proxy.port }, ...flags)
  await proxy.stop()
  await server.stop()
  const [file] = receiptOf(outcome).files
  expect(file).toMatchObject({ outcome: "already there", attempts: 2 })
  expect(file?.faults[1]).toContain("already exists")
})

describe("confirm", () => {
  const confirm = (dist: string) =>
    call(["confirm", ...indexFlags(placeOf(index)), `--dist=${dist}`])

  test("finds a release that is there", async () => {
    const { dist } = await fresh("seen")
    receiptOf((await through({}, dist)).outcome)
    expectDone(await confirm(dist))
  })

  test("sees that it was yanked, and why", async () => {
    const { version, dist } = await fresh("seen")
    receiptOf((await through({}, dist)).outcome)
    index.yank("seen", version, "broken on Windows")
    const outcome = await confirm(dist)
    expect(outcome.stdout + outcome.stderr).toMatch(/yanked/)
    expect(outcome.stdout + outcome.stderr).toContain("broken on Windows")
  })

  test("says that it is not there, or in quarantine", async () => {
    const { version, dist } = await fresh("seen")
    receiptOf((await through({}, dist)).outcome)
    index.quarantine("seen", version)
    const outcome = await call([
      ...["confirm", ...indexFlags(placeOf(index)), `--dist=${dist}`],
      "--deadline=5",
    ])
    expect(outcome.exitCode).toBe(1)
    index.project("seen").status = "quarantined"
    const whole = await call([
      ...["confirm", ...indexFlags(placeOf(index)), `--dist=${dist}`],
      "--deadline=5",
    ])
    index.project("seen").status = "active"
    expectSentence(whole, /quarantine/)
    expect(whole.exitCode).toBe(1)
  })
})
