import type { Announcement } from "./announcement.js"

/** A text that is not longer than a service takes. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

/** As many lines as there is room for, and how many are left out. */
export function cutLines(lines: string[], length: number): string {
  const whole = lines.join("\n")
  if (whole.length <= length) return whole
  const room = length - 20
  const kept: string[] = []
  for (const line of lines) {
    if ([...kept, line].join("\n").length > room) break
    kept.push(line)
  }
  if (kept.length === 0) return cut(whole, length)
  return [...kept, `and ${lines.length - kept.length} more`].join("\n")
}

/** Slack's three control characters; without them nobody is mentioned. */
function slackText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
}

/** A link to the run; a bar would end a link in Slack's own form. */
function linkBlock(link: string): object {
  const text = `<${slackText(link).replaceAll("|", "%7C")}|The run>`
  return { type: "context", elements: [{ type: "mrkdwn", text }] }
}

/**
 * The message as Slack's Block Kit.
 *
 * Limits: https://docs.slack.dev/reference/block-kit/blocks (150 characters
 * in a header, 3,000 in a section, 2,000 in each of at most 10 fields).
 */
export function slackMessage(announcement: Announcement): object {
  const { done, title, link, facts, files, remarks } = announcement
  const line = `${done ? "✅" : "❌"} ${title}`
  const section = (lines: string[]) =>
    lines.length === 0
      ? []
      : [
          {
            type: "section",
            text: {
              type: "mrkdwn",
              text: cutLines(lines.map(slackText), 3000),
            },
          },
        ]
  const fields = facts.slice(0, 10).map(([label, value]) => ({
    type: "mrkdwn",
    text: cut(`*${slackText(label)}*\n\`${slackText(value)}\``, 2000),
  }))
  return {
    // What notifications and screen readers have.
    text: slackText(line),
    blocks: [
      {
        type: "header",
        text: { type: "plain_text", text: cut(line, 150), emoji: true },
      },
      ...section(remarks.map((it) => `• ${it}`)),
      ...(fields.length > 0 ? [{ type: "section", fields }] : []),
      ...section(files),
      ...(link === null ? [] : [linkBlock(link)]),
    ],
  }
}

const GREEN = 0x2da44e
const RED = 0xcf222e

/** Discord's Markdown, with nothing in it that formats. */
function discordText(text: string): string {
  return text.replace(/[\\*_~`|>#[\]]/g, "\\$&")
}

/**
 * The message as a Discord embed.
 *
 * Limits: https://docs.discord.com/developers/resources/message#embed-object
 * (256 characters in a title, 4,096 in a description, 1,024 in a field, 6,000
 * in all).
 */
export function discordMessage(announcement: Announcement): object {
  const { done, title, link, facts, files, remarks } = announcement
  const described = remarks.map((it) => `- ${discordText(it)}`)
  const listed = cutLines(files.map(discordText), 1024)
  return {
    embeds: [
      {
        title: cut(title, 256),
        ...(link === null ? {} : { url: link }),
        color: done ? GREEN : RED,
        // Half of what is allowed, so that all of it stays below 6,000.
        description: cutLines(described, 2048),
        fields: [
          ...facts.slice(0, 4).map(([name, value]) => ({
            name: cut(name, 256),
            value: cut(discordText(value), 512),
            inline: true,
          })),
          ...(files.length > 0 ? [{ name: "files", value: listed }] : []),
        ],
      },
    ],
    // Nobody is called, whatever a file or a notice says.
    allowed_mentions: { parse: [] },
  }
}
