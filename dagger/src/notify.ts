import type { File, Secret, Service } from "@dagger.io/dagger"
import { base, withTools } from "./container.js"
import { Format } from "./format.js"
import { announcementOf, type News } from "./notify/announcement.js"
import { discordMessage, slackMessage } from "./notify/messages.js"
import type { Notification, Service as To } from "./notify/notification.js"
import { type Page, render } from "./page.js"
import { readReceipt } from "./receipt-reading.js"
import { ask } from "./tool.js"
import { withAskedAt } from "./upload.js"

/** A place that messages go to. */
export interface Webhook {
  url?: Secret
  /** A server behind the host name `slack` or `discord`. */
  service?: Service
}

/** Where to send a message, by service. */
export type Webhooks = Record<To, Webhook>

const MESSAGES = { slack: slackMessage, discord: discordMessage }

async function send(
  to: To,
  { url, service }: Webhook,
  message: object,
): Promise<Notification[]> {
  if (url === undefined) return []
  const bound = service ? base().withServiceBinding(to, service) : base()
  const container = bound
    .with(withTools("notify.py"))
    .with(withAskedAt)
    .withSecretVariable("WEBHOOK_URL", url)
  try {
    const sent = await ask<Omit<Notification, "to">>(
      container,
      `The message to ${to}`,
      ["python", "/tools/notify.py"],
      message,
    )
    return [{ to, ...sent }]
  } catch (error) {
    // A message that is lost is no failure of what it tells of.
    return [{ to, outcome: "failed", reason: (error as Error).message }]
  }
}

interface Notified {
  title: string
  notifications: Notification[]
}

function notifiedPage({ title, notifications }: Notified): Page {
  return {
    title,
    facts: notifications.map(({ to, outcome, reason }) => [
      to,
      reason === undefined ? outcome : `${outcome}: ${reason}`,
    ]),
    tables: [],
    notes:
      notifications.length === 0
        ? ["Nobody was told: pass --slack or --discord."]
        : [],
  }
}

/**
 * Tells people of a receipt, and of its run. Messages that cannot be sent are
 * in what it gives, and are no failure.
 *
 * @returns the receipt as JSON with `notifications` in it, or a page
 */
export async function notifyPeople(
  file: File | undefined,
  run: Omit<News, "receipt">,
  webhooks: Webhooks,
  format: Format,
): Promise<string> {
  if (file === undefined && Object.keys(run.jobs).length === 0) {
    throw new Error(
      "There is nothing to tell: pass what `publish --format=json` printed with --receipt, or the results of a run with --jobs.",
    )
  }
  const receipt = file ? readReceipt(await file.contents()) : null
  const announcement = announcementOf({ ...run, receipt })
  const services = Object.keys(webhooks) as To[]
  const sent = await Promise.all(
    services.map((to) => send(to, webhooks[to], MESSAGES[to](announcement))),
  )
  const notifications = sent.flat()
  if (format === Format.Json) {
    const told = [...(receipt?.notifications ?? []), ...notifications]
    return JSON.stringify({ ...receipt, notifications: told }, null, 2)
  }
  const { title } = announcement
  return render({ title, notifications }, notifiedPage, format)
}
