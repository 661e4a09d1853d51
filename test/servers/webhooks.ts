import { bodyOf, type Listening, listen } from "./listen.js"

/** An answer: status, headers, and the body as text or JSON. */
interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string | object
}

/** What a webhook can be made to answer before it takes a message. */
export type Fault = "limited" | "broken" | "gone" | "reset"

export interface WebhookServer extends Listening {
  /** Messages that were taken. */
  taken: unknown[]
  /** How many requests came. */
  asked(): number
  /** The answers to the next requests, one each. */
  next(...faults: Fault[]): void
}

interface Service {
  /** Its path, and where the secret part is in it. */
  path: RegExp
  taken: Answer
  gone: Answer
  /** What is wrong with a message; undefined where nothing is. */
  refuse(message: Record<string, unknown>): Answer | undefined
  limited(seconds: number): Answer
}

const blocksOf = (message: Record<string, unknown>) =>
  (message.blocks ?? []) as Record<string, Record<string, unknown>>[]

/**
 * Slack's incoming webhooks, by
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * and https://docs.slack.dev/apis/web-api/rate-limits.
 */
export const SLACK: Service = {
  path: /^\/services\/T\w+\/B\w+\/\w+$/,
  taken: { status: 200, body: "ok" },
  gone: { status: 404, body: "no_service" },
  refuse(message) {
    const text = typeof message.text === "string" && message.text !== ""
    const blocks = blocksOf(message)
    if (!text && blocks.length === 0) return { status: 400, body: "no_text" }
    const long = blocks.some(({ type, text, fields }) => {
      const length = String(text?.text ?? "").length
      const most = String(type) === "header" ? 150 : 3000
      const many = Object.keys(fields ?? {}).length > 10
      return length > most || many
    })
    return long || blocks.length > 50
      ? { status: 400, body: "invalid_blocks" }
      : undefined
  },
  limited: (seconds) => ({
    status: 429,
    headers: { "Retry-After": String(Math.ceil(seconds)) },
    body: { ok: false, error: "ratelimited" },
  }),
}

/**
 * Discord's webhooks, by https://docs.discord.com/developers/resources/webhook
 * and https://docs.discord.com/developers/topics/rate-limits.
 */
export const DISCORD: Service = {
  path: /^\/api\/webhooks\/\d+\/[\w-]+$/,
  taken: { status: 204 },
  gone: { status: 404, body: { message: "Unknown Webhook", code: 10015 } },
  refuse(message) {
    const embeds = (message.embeds ?? []) as Record<string, unknown>[]
    if (!message.content && embeds.length === 0)
      return {
        status: 400,
        body: { message: "Cannot send an empty message", code: 50006 },
      }
    const fields = embeds.flatMap(
      (embed) => (embed.fields ?? []) as { name: string; value: string }[],
    )
    const long =
      embeds.some(
        ({ title = "", description = "" }) =>
          String(title).length > 256 || String(description).length > 4096,
      ) ||
      fields.some(({ name, value }) => name.length > 256 || value.length > 1024)
    return long || JSON.stringify(embeds).length > 6000 || fields.length > 25
      ? { status: 400, body: { message: "Invalid Form Body", code: 50035 } }
      : undefined
  },
  limited: (seconds) => ({
    status: 429,
    headers: {
      "Retry-After": String(Math.ceil(seconds)),
      "X-RateLimit-Limit": "5",
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Scope": "user",
    },
    body: {
      message: "You are being rate limited.",
      retry_after: seconds,
      global: false,
    },
  }),
}

/** A server that takes messages as one of these services does. */
export async function startWebhooks(service: Service): Promise<WebhookServer> {
  const taken: unknown[] = []
  const faults: Fault[] = []
  let asked = 0
  const answerTo = (path: string, body: Buffer): Answer => {
    const fault = faults.shift()
    if (fault === "limited") return service.limited(0.6)
    if (fault === "broken") return { status: 503, body: "upstream" }
    if (fault === "gone" || !service.path.test(path)) return service.gone
    let message: Record<string, unknown>
    try {
      message = JSON.parse(body.toString())
    } catch {
      return { status: 400, body: "invalid_payload" }
    }
    const refused = service.refuse(message)
    if (refused === undefined) taken.push(message)
    return refused ?? service.taken
  }
  const server = await listen(async (request, response) => {
    asked += 1
    const body = await bodyOf(request)
    if (faults[0] === "reset") {
      faults.shift()
      request.socket.destroy()
      return
    }
    const answer = answerTo(request.url ?? "", body)
    const text =
      typeof answer.body === "object"
        ? JSON.stringify(answer.body)
        : (answer.body ?? "")
    response.writeHead(answer.status, answer.headers).end(text)
  })
  return {
    ...server,
    taken,
    asked: () => asked,
    next: (...more) => void faults.push(...more),
  }
}
