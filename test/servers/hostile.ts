import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:https"
import { pipeline } from "node:stream/promises"
import { setTimeout as sleep } from "node:timers/promises"

import { type Authority, makeAuthority } from "./pypi/certificate.js"
import { freePort } from "./server.js"

/** An index that means ill; what it does with one kind of request. */
export interface Hostility {
  /** Pages of projects. */
  page?: Trick
  /** Files. */
  file?: Trick
  /** Uploads. */
  upload?: Trick
  /** Everything under `/_/` and `/.well-known/`. */
  exchange?: Trick
}

type Trick = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>

export interface Hostile {
  port: number
  authority: Authority
  /** Every request, when it came, and the credentials that came with it. */
  log: { request: string; at: number; authorization: string | undefined }[]
  stop(): Promise<void>
}

const JSON_TYPE = "application/vnd.pypi.simple.v1+json"
const MEBIBYTE = Buffer.alloc(1024 * 1024, "x")

/** An answer that never ends, as fast as it is read. */
export const endless =
  (status = 200): Trick =>
  async (request, response) => {
    request.resume()
    response.writeHead(status, { "content-type": JSON_TYPE })
    // Whoever asked goes away before the end.
    await pipeline(forever, response).catch(() => {})
  }

function* forever() {
  for (;;) yield MEBIBYTE
}

/** An answer that never ends, a byte at a time. */
export const dripping: Trick = async (_request, response) => {
  response.writeHead(200, { "content-type": JSON_TYPE })
  while (!response.destroyed) {
    response.write(" ")
    await sleep(500)
  }
}

/** No answer at all. */
export const silent: Trick = () => {}

/** JSON that is deeper than any stack. */
export const deep: Trick = (_request, response) => {
  response.writeHead(200, { "content-type": JSON_TYPE })
  response.end("[".repeat(1_000_000))
}

/** Something else than what was asked for. */
export const say =
  (status: number, body: string, headers: Record<string, string> = {}): Trick =>
  (request, response) => {
    request.resume()
    response.writeHead(status, { "content-type": JSON_TYPE, ...headers })
    response.end(body)
  }

/** A redirect to another host. */
export const sendTo = (status: number, origin: string): Trick => {
  return (request, response) => {
    request.resume()
    response.writeHead(status, { location: `${origin}${request.url}` }).end()
  }
}

function trickFor(url: string, method: string, tricks: Hostility) {
  if (method === "POST" && url.startsWith("/legacy")) return tricks.upload
  if (/^\/(_|\.well-known)\//.test(url)) return tricks.exchange
  if (url.startsWith("/simple/") && url !== "/simple/") return tricks.page
  if (url.startsWith("/files/")) return tricks.file
  return undefined
}

/** Starts one on a free port; what it has no trick for, it has not. */
export async function startHostile(tricks: Hostility): Promise<Hostile> {
  const authority = makeAuthority()
  const log: Hostile["log"] = []
  const nothing = say(404, "")
  const names = ["index", "localhost", "127.0.0.1"]
  const server = createServer(authority.issue(names), (request, response) => {
    const { url = "/", method = "GET", headers } = request
    const { authorization } = headers
    const at = Date.now()
    log.push({ request: `${method} ${url}`, at, authorization })
    response.on("error", () => {}) // who asked is gone
    const root = url === "/simple/" ? say(200, "{}") : nothing
    const trick = trickFor(url, method, tricks) ?? root
    Promise.resolve(trick(request, response)).catch(() => response.destroy())
  })
  const port = await freePort()
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
  return {
    ...{ port, authority, log },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
