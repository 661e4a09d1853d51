import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import { watchMemory } from "../../bench/memory.js"
import { makeDist } from "../fixtures/distribution.js"
import {
  deep,
  dripping,
  endless,
  type Hostility,
  say,
  sendTo,
  silent,
  startHostile,
} from "../servers/hostile.js"
import { makeAuthority } from "../servers/pypi/certificate.js"
import { startPypi } from "../servers/pypi/start.js"
import { call, engine } from "./call.js"
import { readDist } from "./dist.js"
import { expectSentence } from "./expect.js"
import { indexFlags } from "./place.js"
import { publishWithToken } from "./pypi.js"

const TOKEN = "a-token-of-this-test"
const DEADLINE = 8
/** Seconds for an attempt under way at the deadline, and a confirmation. */
const BESIDES = 60
/** What a publish may take beyond what is there before, in MiB. */
const MEMORY = 700

let dist: string
let wheel: string
beforeAll(async () => {
  dist = await makeDist({ name: "hunted", version: "1.0" })
  wheel = readDist(dist).wheel
})

/** Publishes to a hostile index; it must end in time, and in memory. */
async function publishTo(tricks: Hostility) {
  const hostile = await startHostile(tricks)
  const { port, authority } = hostile
  const before = watchMemory(process.pid).stop()
  const memory = watchMemory(process.pid)
  try {
    const outcome = await publishWithToken(
      { port, certificate: authority.file },
      ...[TOKEN, `--dist=${dist}`, `--deadline=${DEADLINE}`],
    )
    // The gates before it are not the index's doing.
    const start = hostile.log[0]?.at ?? Number.NaN
    const seconds = (Date.now() - start) / 1000
    return { outcome, seconds, log: hostile.log }
  } finally {
    const used = memory.stop() - before
    await hostile.stop()
    if (engine === "embedded") expect(used).toBeLessThan(MEMORY)
  }
}

/** A page that lists the wheel, under some URL and with some hash. */
function listing(url: string, sha256: string): string {
  return JSON.stringify({
    meta: { "api-version": "1.1" },
    name: "hunted",
    files: [{ filename: basename(wheel), url, hashes: { sha256 } }],
  })
}
const digest = () =>
  createHash("sha256").update(readFileSync(wheel)).digest("hex")

describe("an index that means ill neither hangs nor fills the memory, by", () => {
  test.each<[string, Hostility]>([
    ["a page without an end", { page: endless() }],
    ["a page that drips", { page: dripping }],
    ["no page at all", { page: silent }],
    ["a page that is deep", { page: deep }],
    ["a page that is something else", { page: say(200, '{"files": 1}') }],
    ["an upload's answer without an end", { upload: endless(400) }],
    ["an upload that is not answered", { upload: silent }],
    ["an upload's answer that drips", { upload: dripping }],
  ])("%s", async (_what, tricks) => {
    const { outcome, seconds } = await publishTo(tricks)
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /index|hunted/)
    expect(seconds).toBeLessThan(DEADLINE + BESIDES)
  })
})

describe("confirm is not taken in by", () => {
  const confirm = async (tricks: Hostility) => {
    const hostile = await startHostile(tricks)
    const { port, authority } = hostile
    const place = { port, certificate: authority.file }
    const args = ["confirm", ...indexFlags(place), `--dist=${dist}`]
    const outcome = await call([...args, `--deadline=${DEADLINE}`])
    await hostile.stop()
    return outcome
  }

  test("a right hash over other bytes", async () => {
    const page = say(200, listing("/files/wheel", digest()))
    const outcome = await confirm({ page, file: say(200, "other bytes") })
    expect(outcome.exitCode).toBe(1)
  })

  test("a file without an end", async () => {
    const page = say(200, listing("/files/wheel", digest()))
    const outcome = await confirm({ page, file: endless() })
    expect(outcome.exitCode).toBe(1)
  })
})

describe("another host gets no credentials", () => {
  test.each([301, 302, 307, 308])("by %i on an upload", async (status) => {
    const other = await startHostile({ upload: say(200, "") })
    const origin = `https://localhost:${other.port}`
    const { outcome } = await publishTo({ upload: sendTo(status, origin) })
    await other.stop()
    expect(outcome.exitCode).toBe(1)
    expect(other.log.map((it) => it.authorization)).not.toContain(
      expect.anything(),
    )
    expect(other.log.filter((it) => it.authorization)).toEqual([])
  })

  test("by a redirect of a page, or a link", async () => {
    const other = await startHostile({})
    const origin = `https://localhost:${other.port}`
    await publishTo({ page: sendTo(302, origin) })
    const page = say(200, listing(`${origin}/files/wheel`, "0".repeat(64)))
    await publishTo({ page })
    await other.stop()
    expect(other.log.filter((it) => it.authorization)).toEqual([])
  })
})

describe("a certificate is refused, and nothing is sent, where", () => {
  const refused = async (
    certificate: string,
    options: Parameters<typeof startPypi>[0] = {},
  ) => {
    const index = await startPypi(options)
    const place = { port: index.port, certificate }
    const flags = [`--dist=${dist}`, `--deadline=${DEADLINE}`]
    const outcome = await publishWithToken(place, TOKEN, ...flags)
    await index.stop()
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /certificate/i)
    expect(index.log).toEqual([])
  }

  test("another authority signed it", async () => {
    await refused(makeAuthority().file)
  })

  test("it is for another host", async () => {
    const authority = makeAuthority()
    const other = { ...authority, issue: () => authority.issue(["other"]) }
    await refused(authority.file, { authority: other })
  })

  test("the file is no certificate", async () => {
    const outcome = await publishWithToken(
      { port: 1, certificate: join(dist, "pypi-deploy.json") },
      ...[TOKEN, `--dist=${dist}`],
    )
    expect(outcome.exitCode).not.toBe(0)
    expectSentence(outcome, /certificate/i)
  })
})
