import { mkdtempSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import type { Receipt } from "../../dagger/src/receipt.js"
import { makeDist } from "../fixtures/distribution.js"
import { say, startHostile } from "../servers/hostile.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import {
  DISCORD,
  SLACK,
  startWebhooks,
  type WebhookServer,
} from "../servers/webhooks.js"
import { call } from "./call.js"
import { sha256 } from "./dist.js"
import { expectDone, expectSentence } from "./expect.js"
import { type Place, placeOf } from "./place.js"
import { publishWithToken } from "./pypi.js"

let index: Pypi
let slack: WebhookServer
let discord: WebhookServer
beforeAll(async () => {
  index = await startPypi()
  slack = await startWebhooks(SLACK)
  discord = await startWebhooks(DISCORD)
})
afterAll(() => Promise.all([index, slack, discord].map((it) => it?.stop())))

/** A publish that breaks off, and its receipt as a file. */
async function brokenOff(place: Place, dist: string, token: string) {
  const flags = [`--dist=${dist}`, "--format=json", "--deadline=5"]
  const plain = await publishWithToken(place, token, ...flags)
  expect(plain.exitCode).toBe(1)
  const allow = "--allow-errors"
  const outcome = await publishWithToken(place, token, ...flags, allow)
  expectDone(outcome)
  const receipt = JSON.parse(outcome.stdout) as Receipt
  // The first line of what a plain publish says is part of the receipt.
  const [said = ""] = (receipt.failure ?? "").split("\n")
  expect(plain.stderr).toContain(said.trim())
  const file = join(mkdtempSync(join(tmpdir(), "receipt-")), "receipt.json")
  writeFileSync(file, outcome.stdout)
  return { receipt, file }
}

/** Tells Slack and Discord, and gives what they were told. */
async function told(file: string) {
  const environment = {
    SLACK: `http://slack:${slack.port}/services/T1/B1/x1`,
    DISCORD: `http://discord:${discord.port}/api/webhooks/1/x1`,
  }
  const args = [
    ...["notify", `--receipt=${file}`, "--slack=env:SLACK"],
    ...[`--slack-service=tcp://127.0.0.1:${slack.port}`],
    ...["--discord=env:DISCORD"],
    ...[`--discord-service=tcp://127.0.0.1:${discord.port}`],
  ]
  expectDone(await call(args, { environment }))
  const messages = [slack.taken.at(-1), discord.taken.at(-1)]
  return messages.map((it) => JSON.stringify(it))
}

async function expectTold(file: string, title: string) {
  for (const message of await told(file)) expect(message).toContain(title)
  const page = await call(["receipt", `--file=${file}`])
  expect(page.exitCode).toBe(1)
  expectSentence(page, new RegExp(title))
  const allowed = ["receipt", `--file=${file}`, "--allow-errors"]
  expectDone(await call(allowed))
}

describe("a publish that breaks off has a receipt, and people are told:", () => {
  test("refused", async () => {
    const dist = await makeDist({ name: "broken", version: "1.0" })
    index.switches.refuse = "read-only"
    const { receipt, file } = await brokenOff(
      ...([placeOf(index), dist, index.token()] as const),
    )
    index.switches.refuse = null
    expect(receipt).toMatchObject({
      ...{ project: "broken", version: "1.0", confirmation: null },
      files: [{ outcome: "not uploaded", attempts: 1 }, { attempts: 0 }],
      ...{ install: null, failure: expect.stringContaining("403") },
    })
    await expectTold(file, "broken 1.0 is not published to https://index")
  })

  test("half published", async () => {
    const dist = await makeDist({ name: "broken", version: "2.0" })
    const place = placeOf(index)
    const first = [`--dist=${dist}`, "--sdist-only"]
    expectDone(await publishWithToken(place, index.token(), ...first))
    index.switches.refuse = "read-only"
    const { receipt, file } = await brokenOff(place, dist, index.token())
    index.switches.refuse = null
    const outcomes = receipt.files.map((it) => [it.kind, it.outcome])
    expect(outcomes).toContainEqual(["sdist", "already there"])
    expect(outcomes).toContainEqual(["wheel", "not uploaded"])
    await expectTold(file, "broken 2.0 is half published to https://index")
  })

  test("not confirmed", async () => {
    const dist = await makeDist({ name: "broken", version: "3.0" })
    const files = readdirSync(dist).filter((it) => /(gz|whl)$/.test(it))
    const page = {
      ...{ meta: { "api-version": "1.1" }, name: "broken" },
      files: files.map((name) => ({
        ...{ filename: name, url: `../../files/${basename(name)}` },
        hashes: { sha256: sha256(join(dist, name)) },
      })),
    }
    const hostile = await startHostile({
      ...{ page: say(200, JSON.stringify(page)), file: say(200, "other") },
    })
    try {
      const { port, authority } = hostile
      const place = { port, certificate: authority.file }
      const { receipt, file } = await brokenOff(place, dist, "a-token")
      expect(receipt.files.map((it) => it.outcome)).toEqual([
        ...["already there", "already there"],
      ])
      expect(receipt.stages.map(({ name }) => name)).toContain("upload")
      await expectTold(file, "broken 3.0 is on https://index:")
    } finally {
      await hostile.stop()
    }
  })

  test("stopped by a gate, before anything was sent", async () => {
    const dist = await makeDist({
      ...{ name: "broken", version: "4.0" },
      metadata: { "Description-Content-Type": "text/nonsense" },
    })
    const requests = () => index.log.filter((it) => it.startsWith("POST"))
    const before = requests()
    const { receipt, file } = await brokenOff(
      ...([placeOf(index), dist, index.token()] as const),
    )
    expect(receipt).toMatchObject({ files: [], gates: { checks: [] } })
    expect(requests()).toEqual(before)
    await expectTold(file, "broken 4.0 is not published to https://index")
  })
})
