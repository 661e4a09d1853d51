import {
  type IncomingMessage,
  request as plain,
  type RequestOptions,
  type ServerResponse,
} from "node:http"
import { request as secure } from "node:https"
import { Transform } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"

import { type FaultKind, isListing } from "./faults.js"

/** The server behind the proxy. */
export interface Upstream {
  /** `http://127.0.0.1:8080`, or https. */
  url: string
  /** Its authority, PEM, where it has one of its own. */
  ca?: string
}

/** What a listing looked like before. */
export interface Remembered {
  status: number
  headers: IncomingMessage["headers"]
  body: Buffer
}

/** One request on its way, and how long faults take, in seconds. */
export interface Passage {
  upstream: Upstream
  request: IncomingMessage
  response: ServerResponse
  /** Ends the connection as a broken one does. */
  breakOff(): void
  /** For a slow answer. */
  slowness: number
  /** How long there is no answer before the connection is closed. */
  silence: number
  /** What `Retry-After` says. */
  retryAfter: number
  /** Bytes a second that bodies are passed on with. */
  pace: number
  /** The last fresh answers to listings, by URL and kind. */
  listings: Map<string, Remembered>
}

const HOPS = ["connection", "keep-alive", "transfer-encoding"]

function without(headers: IncomingMessage["headers"]) {
  const kept = Object.entries(headers).filter(([name]) => !HOPS.includes(name))
  return Object.fromEntries(kept)
}

/** Passes bytes on no faster than so many a second. */
function paced(pace: number): Transform {
  return new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      await sleep((chunk.length / pace) * 1000)
      done(null, chunk)
    },
  })
}

/** Sends a request on, as it comes; the upstream's answer. */
function forward(passage: Passage): Promise<IncomingMessage> {
  const { upstream, request, pace } = passage
  return new Promise((resolve, reject) => {
    const url = new URL(request.url ?? "/", upstream.url)
    const options: RequestOptions & { ca?: string } = {
      method: request.method,
      headers: request.headers,
      agent: false,
      ca: upstream.ca,
    }
    const make = url.protocol === "https:" ? secure : plain
    const asked = make(url, options, resolve)
    asked.once("error", reject)
    if (pace < Number.POSITIVE_INFINITY) request.pipe(paced(pace)).pipe(asked)
    else request.pipe(asked)
  })
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Reads what the client still sends, and forgets it. */
async function drain(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}

function reset({ breakOff }: Passage): void {
  breakOff()
}

function say(
  { response }: Passage,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const type = { "content-type": "text/plain", ...headers }
  response.writeHead(status, type).end(text)
}

/** The answer as the upstream gives it; listings are remembered. */
export async function pass(passage: Passage): Promise<void> {
  const { request, response, listings } = passage
  const answer = await forward(passage)
  const { statusCode = 502, statusMessage, headers } = answer
  response.writeHead(statusCode, statusMessage, without(headers))
  if (!isListing(request)) {
    answer.pipe(response)
    answer.once("error", () => response.destroy())
    return
  }
  const body = await whole(answer)
  listings.set(listingKey(request), { status: statusCode, headers, body })
  response.end(body)
}

const listingKey = ({ url, headers }: IncomingMessage) =>
  `${url} ${headers.accept}`

type Fault = (passage: Passage) => void | Promise<void>

/** What each kind does with a request that it hits. */
export const ANSWERS: Record<FaultKind, Fault> = {
  "reset connection": reset,
  "reset before body": reset,
  "reset during body": (passage) => {
    passage.request.once("data", () => reset(passage))
    passage.request.once("end", () => reset(passage))
  },
  "reset after body": async (passage) => {
    const answer = await forward(passage)
    await whole(answer)
    reset(passage)
  },
  "503": async (passage) => {
    await drain(passage.request)
    say(passage, 503, "Backend is unhealthy")
  },
  "502 after storing": async (passage) => {
    await whole(await forward(passage))
    say(passage, 502, "Bad Gateway")
  },
  "429": async (passage) => {
    await drain(passage.request)
    say(passage, 429, "Too Many Requests")
  },
  "429 with Retry-After": async (passage) => {
    await drain(passage.request)
    const headers = { "retry-after": String(passage.retryAfter) }
    say(passage, 429, "Too Many Requests", headers)
  },
  "slow answer": async (passage) => {
    const { response, slowness } = passage
    const answer = await forward(passage)
    const { statusCode = 502, statusMessage, headers } = answer
    const body = await whole(answer)
    response.writeHead(statusCode, statusMessage, without(headers))
    const parts = 5
    const step = Math.ceil(body.length / parts) || 1
    for (let start = 0; start < body.length; start += step) {
      await sleep((slowness * 1000) / parts)
      response.write(body.subarray(start, start + step))
    }
    response.end()
  },
  "no answer": async (passage) => {
    await drain(passage.request)
    await sleep(passage.silence * 1000)
    passage.request.socket.destroy()
  },
  "truncated answer": async (passage) => {
    const { response } = passage
    const answer = await forward(passage)
    const { statusCode = 502, statusMessage, headers } = answer
    const body = await whole(answer)
    const length = { "content-length": String(body.length) }
    const said = { ...without(headers), ...length }
    response.writeHead(statusCode, statusMessage, said)
    response.write(body.subarray(0, body.length >> 1), () => response.destroy())
  },
  "stale listing": async (passage) => {
    const known = passage.listings.get(listingKey(passage.request))
    if (known === undefined) return pass(passage)
    const { status, headers, body } = known
    passage.response.writeHead(status, without(headers)).end(body)
  },
}
