import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import {
  DISCORD,
  SLACK,
  startWebhooks,
  type WebhookServer,
} from "../servers/webhooks.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"

const receipt = join(mkdtempSync(join(tmpdir(), "receipt-")), "receipt.json")
const RECEIPT = {
  ...{ schema: "pypi-deploy/receipt/1", project: "demo", version: "1.2.0" },
  index: { id: "pypi" },
}
writeFileSync(receipt, JSON.stringify(RECEIPT))

let slack: WebhookServer
let discord: WebhookServer
beforeAll(async () => {
  slack = await startWebhooks(SLACK)
  discord = await startWebhooks(DISCORD)
})
afterAll(() => Promise.all([slack?.stop(), discord?.stop()]))

const canary = "c4n4ry0123456789"

function notify(...flags: string[]) {
  const environment = {
    SLACK_WEBHOOK: `http://slack:${slack.port}/services/T1/B1/${canary}`,
    DISCORD_WEBHOOK: `http://discord:${discord.port}/api/webhooks/1/${canary}`,
  }
  const to = [
    "--slack=env:SLACK_WEBHOOK",
    `--slack-service=tcp://127.0.0.1:${slack.port}`,
    "--discord=env:DISCORD_WEBHOOK",
    `--discord-service=tcp://127.0.0.1:${discord.port}`,
  ]
  const args = ["notify", `--receipt=${receipt}`, ...to, ...flags]
  return call(args, { environment })
}

describe("notify", () => {
  test("tells Slack and Discord, each time anew", async () => {
    for (const times of [1, 2]) {
      const outcome = await notify()
      expectDone(outcome)
      expect(outcome.stdout).toMatch(/slack +sent\ndiscord +sent/)
      expect(slack.taken).toHaveLength(times)
      expect(discord.taken).toHaveLength(times)
    }
    const title = "demo 1.2.0 is published to pypi"
    expect(slack.taken[0]).toMatchObject({ text: `✅ ${title}` })
    expect(discord.taken[0]).toMatchObject({ embeds: [{ title }] })
  })

  test("waits for rate limits, and tries again after faults", async () => {
    slack.next("limited", "reset")
    discord.next("limited", "broken")
    const { stdout } = await notify("--format=json")
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
    const outcome = await notify()
    expectDone(outcome)
    expect(outcome.stdout).toContain("failed: it answers 404: no_service")
    expect(outcome.stdout).toContain("Unknown Webhook")
    expect(outcome.stdout + outcome.stderr).not.toContain(canary)
  })

  test("without a webhook tells nobody, and says so", async () => {
    const outcome = await call(["notify", `--receipt=${receipt}`])
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/Nobody was told/)
  })

  test("takes nothing but a receipt", async () => {
    const outcome = await call(["notify", "--receipt=package.json"])
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /--receipt is no receipt/)
  })
})
