import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { RECEIPT } from "../fixtures/receipt.js"
import {
  DISCORD,
  SLACK,
  startWebhooks,
  type WebhookServer,
} from "../servers/webhooks.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"

const receipt = join(mkdtempSync(join(tmpdir(), "receipt-")), "receipt.json")
writeFileSync(receipt, JSON.stringify(RECEIPT))

let slack: WebhookServer
let discord: WebhookServer
beforeAll(async () => {
  slack = await startWebhooks(SLACK)
  discord = await startWebhooks(DISCORD)
})
afterAll(() => Promise.all([slack?.stop(), discord?.stop()]))

const canary = "c4n4ry0123456789"

const environment = () => ({
  SLACK_WEBHOOK: `http://slack:${slack.port}/services/T1/B1/${canary}`,
  DISCORD_WEBHOOK: `http://discord:${discord.port}/api/webhooks/1/${canary}`,
})

const to = () => [
  "--slack=env:SLACK_WEBHOOK",
  `--slack-service=tcp://127.0.0.1:${slack.port}`,
  "--discord=env:DISCORD_WEBHOOK",
  `--discord-service=tcp://127.0.0.1:${discord.port}`,
]

/** `notify` of the receipt, or of none. */
const notify = (file: string | null, ...flags: string[]) => {
  const of = file === null ? [] : [`--receipt=${file}`]
  const args = ["notify", ...of, ...to(), ...flags]
  return call(args, { environment: environment() })
}

describe("notify", () => {
  test("tells Slack and Discord, each time anew", async () => {
    for (const times of [1, 2]) {
      const outcome = await notify(receipt)
      expectDone(outcome)
      expect(outcome.stdout).toMatch(/slack +sent\ndiscord +sent/)
      expect(slack.taken).toHaveLength(times)
      expect(discord.taken).toHaveLength(times)
    }
    const title = "demo 1.0 is published to pypi"
    expect(slack.taken[0]).toMatchObject({ text: `✅ ${title}` })
    expect(discord.taken[0]).toMatchObject({ embeds: [{ title }] })
  })

  test("waits for rate limits, and tries again after faults", async () => {
    slack.next("limited", "reset")
    discord.next("limited", "broken")
    const { stdout } = await notify(receipt, "--format=json")
    expect(JSON.parse(stdout)).toEqual({
      ...RECEIPT,
      notifications: [
        { to: "slack", outcome: "sent" },
        { to: "discord", outcome: "sent" },
      ],
    })
  })

  test("is no failure where a message is lost, and names no URL", async () => {
    slack.next("gone")
    discord.next("gone")
    const outcome = await notify(receipt)
    expectDone(outcome)
    expect(outcome.stdout).toContain("failed: it answers 404: no_service")
    expect(outcome.stdout).toContain("Unknown Webhook")
    expect(outcome.stdout + outcome.stderr).not.toContain(canary)
  })

  test("is no failure where a secret is empty, as GitHub gives one that is not there", async () => {
    const outcome = await call(
      ["notify", `--receipt=${receipt}`, "--slack=env:SLACK_WEBHOOK"],
      { environment: { SLACK_WEBHOOK: "" } },
    )
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/slack +failed: its secret holds no URL/)
  })

  test("without a webhook tells nobody, and says so", async () => {
    const outcome = await call(["notify", `--receipt=${receipt}`])
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/Nobody was told/)
  })

  test("adds to who was told before", async () => {
    const before = { to: "slack" as const, outcome: "sent" as const }
    const file = join(mkdtempSync(join(tmpdir(), "receipt-")), "told.json")
    const told = { ...RECEIPT, notifications: [before] }
    writeFileSync(file, JSON.stringify(told))
    const { stdout } = await notify(file, "--format=json")
    expect(JSON.parse(stdout).notifications).toEqual([
      ...[before, before, { to: "discord", outcome: "sent" }],
    ])
  })

  test("tells of a run whose jobs failed, with a receipt and without", async () => {
    const jobs = `--jobs=${JSON.stringify({ install: { result: "failure" } })}`
    const context = `--context=${JSON.stringify({ repository: "me/demo", url: "https://ci/7" })}`
    expectDone(await notify(receipt, jobs, context))
    expect(slack.taken.at(-1)).toMatchObject({
      text: "❌ demo 1.0 is published to pypi, but install failed",
    })
    expectDone(await notify(null, jobs, context))
    const title = "me/demo: install failed"
    expect(discord.taken.at(-1)).toMatchObject({
      embeds: [{ title, url: "https://ci/7" }],
    })
  })

  test.each([
    [["--receipt=package.json"], /no receipt of the form pypi-deploy\/receipt/],
    [[], /nothing to tell.*--receipt.*--jobs/],
    [["--jobs=all"], /--jobs is not what toJSON/],
  ])("refuses %j", async (flags, says) => {
    const outcome = await call(["notify", ...flags])
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, says)
  })
})
