import { afterAll, beforeAll, describe, expect, test } from "vitest"

import {
  DISCORD,
  SLACK,
  startWebhooks,
  type WebhookServer,
} from "../../servers/webhooks.js"

const paths = { slack: "/services/T1/B1/x", discord: "/api/webhooks/1/x-y" }

const servers: Record<string, WebhookServer> = {}
beforeAll(async () => {
  servers.slack = await startWebhooks(SLACK)
  servers.discord = await startWebhooks(DISCORD)
})
afterAll(() => Promise.all(Object.values(servers).map((it) => it.stop())))

function post(name: keyof typeof paths, body: unknown, path = paths[name]) {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return fetch(`${servers[name]?.url}${path}`, { method: "POST", body: text })
}

describe("the double of Slack", () => {
  test("takes a message, and says ok", async () => {
    const answer = await post("slack", { text: "hi" })
    expect([answer.status, await answer.text()]).toEqual([200, "ok"])
    expect(servers.slack?.taken).toEqual([{ text: "hi" }])
  })

  test("refuses as documented", async () => {
    const said = async (body: unknown, path?: string) => {
      const answer = await post("slack", body, path)
      return `${answer.status} ${await answer.text()}`
    }
    const header = { type: "header", text: { text: "x".repeat(151) } }
    expect(await said("{")).toBe("400 invalid_payload")
    expect(await said({})).toBe("400 no_text")
    expect(await said({ blocks: [header] })).toBe("400 invalid_blocks")
    expect(await said({ text: "hi" }, "/other")).toBe("404 no_service")
  })

  test("limits, breaks, and hangs up when told to", async () => {
    servers.slack?.next("limited", "broken", "gone", "reset")
    const limited = await post("slack", { text: "hi" })
    expect(limited.status).toBe(429)
    expect(limited.headers.get("retry-after")).toBe("1")
    expect((await post("slack", { text: "hi" })).status).toBe(503)
    expect((await post("slack", { text: "hi" })).status).toBe(404)
    await expect(post("slack", { text: "hi" })).rejects.toThrow()
    expect((await post("slack", { text: "hi" })).status).toBe(200)
  })
})

describe("the double of Discord", () => {
  test("takes a message, and says nothing", async () => {
    expect((await post("discord", { content: "hi" })).status).toBe(204)
    expect(servers.discord?.asked()).toBe(1)
  })

  test("refuses as documented", async () => {
    const code = async (body: unknown) =>
      (await (await post("discord", body)).json()).code
    const long = { embeds: [{ title: "x".repeat(257) }] }
    const fields = [{ name: "a", value: "x".repeat(1025) }]
    expect(await code({})).toBe(50006)
    expect(await code(long)).toBe(50035)
    expect(await code({ embeds: [{ fields }] })).toBe(50035)
  })

  test("says in the body how long to wait", async () => {
    servers.discord?.next("limited")
    const answer = await post("discord", { content: "hi" })
    expect(answer.status).toBe(429)
    expect(await answer.json()).toMatchObject({
      ...{ retry_after: 0.6, global: false },
    })
  })
})
