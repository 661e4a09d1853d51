import { describe, expect, test } from "vitest"

import { announcementOf } from "../../../../dagger/src/notify/announcement.js"
import {
  cut,
  cutLines,
  discordMessage,
  slackMessage,
} from "../../../../dagger/src/notify/messages.js"
import { DISCORD, SLACK } from "../../../servers/webhooks.js"

const RECEIPT = {
  schema: "pypi-deploy/receipt/1",
  project: "demo",
  version: "1.2.0",
  commit: "1a2b3c4d5e6f",
  index: { id: "pypi", upload: "https://upload.pypi.org/legacy/" },
  files: [
    { name: "demo-1.2.0.tar.gz", outcome: "uploaded" },
    { name: "demo-1.2.0-py3-none-any.whl" },
    { size: 1 },
  ],
  seconds: 61.4,
  notices: ["Worth knowing."],
  install: "pip install demo==1.2.0",
}

const read = (changes: object = {}) =>
  announcementOf(JSON.stringify({ ...RECEIPT, ...changes }))

describe("a receipt is announced", () => {
  test("with what people want to know", () => {
    expect(read()).toEqual({
      done: true,
      title: "demo 1.2.0 is published to pypi",
      facts: [
        ["commit", "1a2b3c4d5"],
        ["install", "pip install demo==1.2.0"],
        ["took", "61 s"],
      ],
      files: ["demo-1.2.0.tar.gz (uploaded)", "demo-1.2.0-py3-none-any.whl"],
      remarks: ["Worth knowing."],
    })
  })

  const failures: [string, object, string[]][] = [
    ["an error", { error: "No." }, ["No.", "Worth knowing."]],
    ["refusals", { refusals: ["A.", "B."] }, ["A.", "B.", "Worth knowing."]],
    ["an outcome", { outcome: "failed" }, ["Worth knowing."]],
  ]
  test.each(failures)("as a failure, by %s", (_, changes, remarks) => {
    const found = read(changes)
    expect(found).toMatchObject({ done: false, remarks })
    expect(found.title).toBe("demo 1.2.0 is not published to pypi")
  })

  test("by what is there, whatever is missing", () => {
    const url = { index: { id: "url", upload: "https://x.example/" } }
    expect(read(url).title).toBe(
      "demo 1.2.0 is published to https://x.example/",
    )
    expect(announcementOf('{"project": "demo"}')).toEqual({
      ...{ done: true, title: "demo is published to an index" },
      ...{ facts: [], files: [], remarks: [] },
    })
  })

  test("or refused, where it is no receipt", () => {
    for (const text of ["", "[]", "{", '{"project": 1}'])
      expect(() => announcementOf(text)).toThrow(/--receipt is no receipt/)
  })
})

describe("messages", () => {
  const long = read({
    version: "1.".repeat(300),
    error: "_*<b>&".repeat(2000),
    notices: Array(200).fill("A notice of some length, with <@everyone>."),
    files: Array(200).fill({ name: "x".repeat(80), outcome: "uploaded" }),
  })

  test.each([
    read(),
    read({ error: "No." }),
    announcementOf('{"project":"d"}'),
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
      text: "✅ demo 1.2.0 is published to pypi",
    })
    expect(slackMessage(read({ error: "No." }))).toMatchObject({
      text: "❌ demo 1.2.0 is not published to pypi",
    })
  })
})

test("texts and lines are cut", () => {
  expect(cut("abc", 3)).toBe("abc")
  expect(cut("abcd", 3)).toBe("ab…")
  expect(cutLines(["a", "b"], 10)).toBe("a\nb")
  expect(cutLines(["a".repeat(30), "b"], 25)).toBe(`${"a".repeat(24)}…`)
  expect(cutLines(["aa", "b".repeat(40)], 30)).toBe("aa\nand 1 more")
})
