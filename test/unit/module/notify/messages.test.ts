import { describe, expect, test } from "vitest"

import { announcementOf } from "../../../../dagger/src/notify/announcement.js"
import {
  cut,
  cutLines,
  discordMessage,
  slackMessage,
} from "../../../../dagger/src/notify/messages.js"
import type { Receipt } from "../../../../dagger/src/receipt.js"
import { failedReceipt, RECEIPT } from "../../../fixtures/receipt.js"
import { DISCORD, SLACK } from "../../../servers/webhooks.js"

const read = (changes: Partial<Receipt> = {}) =>
  announcementOf({ receipt: { ...RECEIPT, ...changes }, jobs: {}, context: {} })
const failed = () =>
  announcementOf({ receipt: failedReceipt("No."), jobs: {}, context: {} })

describe("messages", () => {
  const long = read({
    version: "1.".repeat(300),
    failure: "_*<b>&".repeat(2000),
    notices: Array(200).fill("A notice of some length, with <@everyone>."),
    files: Array(200).fill({ name: "x".repeat(80), outcome: "uploaded" }),
    context: { url: `https://ci/${"x".repeat(400)}` },
  })

  test.each([
    read(),
    failed(),
    announcementOf({ receipt: null, jobs: { b: "failure" }, context: {} }),
  ])("are taken by the services", (announcement) => {
    const slack = slackMessage(announcement) as Record<string, unknown>
    const discord = discordMessage(announcement) as Record<string, unknown>
    expect(SLACK.refuse(slack)).toBeUndefined()
    expect(DISCORD.refuse(discord)).toBeUndefined()
  })

  test("are cut to what is taken", () => {
    const slack = slackMessage(long) as Record<string, unknown>
    expect(SLACK.refuse(slack)).toBeUndefined()
    expect(JSON.stringify(slack)).toMatch(/and \d+ more/)
    const discord = discordMessage(long) as Record<string, unknown>
    expect(DISCORD.refuse(discord)).toBeUndefined()
  })

  test("call nobody", () => {
    const named = read({ notices: ["<!channel> @everyone *b*"] })
    expect(JSON.stringify(slackMessage(named))).toContain("&lt;!channel&gt;")
    expect(discordMessage(named)).toMatchObject({
      allowed_mentions: { parse: [] },
    })
    expect(JSON.stringify(discordMessage(named))).toContain("\\\\*b\\\\*")
  })

  test("tell success from failure", () => {
    expect(slackMessage(read())).toMatchObject({
      text: "✅ demo 1.0 is published to pypi",
    })
    expect(slackMessage(failed())).toMatchObject({
      text: "❌ demo 1.0 is not published to pypi",
    })
  })
})

test("messages lead to the run, where it is known", () => {
  const linked = read({ context: { url: "https://ci/a|b" } })
  expect(JSON.stringify(slackMessage(linked))).toContain(
    "<https://ci/a%7Cb|The run>",
  )
  expect(discordMessage(linked)).toMatchObject({
    embeds: [{ url: "https://ci/a|b" }],
  })
  expect(JSON.stringify(slackMessage(read()))).not.toContain("The run")
  expect(JSON.stringify(discordMessage(read()))).not.toContain('"url"')
})

test("texts and lines are cut", () => {
  expect(cut("abc", 3)).toBe("abc")
  expect(cut("abcd", 3)).toBe("ab…")
  expect(cutLines(["a", "b"], 10)).toBe("a\nb")
  expect(cutLines(["a".repeat(30), "b"], 25)).toBe(`${"a".repeat(24)}…`)
  expect(cutLines(["aa", "b".repeat(40)], 30)).toBe("aa\nand 1 more")
})
