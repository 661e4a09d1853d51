import { randomBytes } from "node:crypto"
import { createServer, type Server } from "node:http"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { seededDraw } from "../../servers/faults/draw.js"
import type { FaultKind } from "../../servers/faults/faults.js"
import {
  type FaultOptions,
  type FaultProxy,
  startFaults,
} from "../../servers/faults/proxy.js"
import { makeAuthority } from "../../servers/pypi/certificate.js"
import { freePort } from "../../servers/server.js"
import { type Visit, visit } from "../../servers/visit.js"

/** An upstream that says what it got, and counts it. */
let upstream: Server
let url: string
let got: string[] = []
let listed = 0
beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  upstream = createServer(async (request, response) => {
    let size = 0
    for await (const chunk of request) size += (chunk as Buffer).length
    got.push(`${request.method} ${request.url} ${size}`)
    if (request.url === "/simple/demo/") {
      listed += 1
      response.end(`listing ${listed}`)
    } else response.end("x".repeat(1000))
  })
  await new Promise<void>((done) => upstream.listen(port, "127.0.0.1", done))
})
afterAll(() => upstream.close())

let proxy: FaultProxy
afterEach(async () => {
  await proxy.stop()
  got = []
})

const start = async (options: Partial<FaultOptions>) => {
  proxy = await startFaults({ upstream: { url }, ...options })
  return `http://127.0.0.1:${proxy.port}`
}
const body = "y".repeat(300_000)
const get = (at: string) => visit(`${at}/file`)
const post = (at: string) => visit(`${at}/legacy/`, { method: "POST", body })
/** What became of a request, in words. */
const outcome = (visited: Promise<Visit>) =>
  visited.then(
    ({ status, headers, body }) => ({
      status,
      retryAfter: headers["retry-after"],
      size: body.length,
    }),
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )

test("without a fault, requests pass as they are", async () => {
  const at = await start({})
  expect(await outcome(post(at))).toMatchObject({ status: 200, size: 1000 })
  expect(got).toEqual([`POST /legacy/ ${body.length}`])
  expect(proxy.counts()).toEqual({})
})

describe("one request meets", () => {
  test.each<[FaultKind, unknown, number]>([
    ["reset connection", "ECONNRESET", 0],
    ["reset before body", expect.stringMatching(/ECONNRESET|EPIPE/), 0],
    ["reset during body", expect.stringMatching(/ECONNRESET|EPIPE/), 0],
    ["reset after body", "ECONNRESET", 1],
    ["503", expect.objectContaining({ status: 503 }), 0],
    ["502 after storing", expect.objectContaining({ status: 502 }), 1],
    ["429", expect.objectContaining({ status: 429, retryAfter: undefined }), 0],
    [
      "429 with Retry-After",
      expect.objectContaining({ status: 429, retryAfter: "7" }),
      0,
    ],
    ["no answer", "ECONNRESET", 0],
  ])("%s, and the next one nothing", async (kind, expected, stored) => {
    const at = await start({ script: [kind], silence: 0.1, retryAfter: 7 })
    expect(await outcome(post(at))).toEqual(expected)
    expect(got.filter((it) => it.startsWith("POST"))).toHaveLength(stored)
    expect(await outcome(post(at))).toMatchObject({ status: 200 })
    expect(proxy.counts()).toEqual({ [kind]: 1 })
  })

  test("a truncated answer", async () => {
    const at = await start({ script: ["truncated answer"] })
    expect(await outcome(get(at))).toBe("ECONNRESET")
    expect(await outcome(get(at))).toMatchObject({ status: 200, size: 1000 })
  })

  test("a slow answer, which is whole", async () => {
    const at = await start({ script: ["slow answer"], slowness: 0.3 })
    const from = Date.now()
    expect(await outcome(get(at))).toMatchObject({ status: 200, size: 1000 })
    expect(Date.now() - from).toBeGreaterThan(280)
  })

  test("the listing as it was before, where there was one", async () => {
    const at = await start({ kinds: ["stale listing"], rate: 1 })
    const list = async () => (await visit(`${at}/simple/demo/`)).body.toString()
    const first = await list()
    expect(await list()).toBe(first)
    expect(await outcome(get(at))).toMatchObject({ status: 200 })
  })
})

test("a fault waits for a request that it can hit", async () => {
  const at = await start({ script: ["502 after storing"] })
  expect(await outcome(get(at))).toMatchObject({ status: 200 })
  expect(await outcome(post(at))).toMatchObject({ status: 502 })
})

test("a rate of requests is hit, and the seed says which", async () => {
  const run = async (seed: number) => {
    const at = await start({ seed, rate: 0.2, kinds: ["503", "429"] })
    for (let time = 0; time < 200; time++) await get(at)
    const did = proxy.log.map((it) => it.did)
    await proxy.stop()
    return did
  }
  const first = await run(3)
  const hit = first.filter((it) => it !== "passed").length
  expect(hit).toBeGreaterThan(20)
  expect(hit).toBeLessThan(60)
  expect(new Set(first)).toEqual(new Set(["passed", "503", "429"]))
  expect(await run(3)).toEqual(first)
  expect(await run(4)).not.toEqual(first)
})

test("it speaks TLS on both sides", async () => {
  const authority = makeAuthority()
  const certificate = authority.issue(["127.0.0.1"])
  await start({ certificate })
  const at = `https://127.0.0.1:${proxy.port}`
  const answer = await visit(`${at}/file`, { ca: authority.pem })
  expect(answer.status).toBe(200)
  const before = await startFaults({
    ...{ certificate, upstream: { url: at, ca: authority.pem } },
  })
  const through = `https://127.0.0.1:${before.port}/file`
  const twice = await visit(through, { ca: authority.pem })
  await before.stop()
  const broken = await startFaults({
    ...{ certificate, upstream: { url }, script: ["reset after body"] },
  })
  const sent = visit(`https://127.0.0.1:${broken.port}/`, {
    ...{ ca: authority.pem, method: "POST", body },
  })
  expect(await outcome(sent)).toBe("ECONNRESET")
  await broken.stop()
  expect(twice.body).toHaveLength(1000)
})

test("a draw depends on what it is for, not on what happens beside it", () => {
  const one = seededDraw(1)
  const other = seededDraw(1)
  const numbers = [one("a"), one("a"), one("b")]
  expect([other("b"), other("a"), other("a")]).toEqual([
    ...[numbers[2], numbers[0], numbers[1]],
  ])
  expect(new Set([...numbers, randomBytes(4).readUInt32BE()]).size).toBe(4)
})
