import {
  createServer,
  type IncomingMessage,
  type RequestListener,
} from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { Socket } from "node:net"

import type { ServerCertificate } from "../pypi/certificate.js"
import { freePort } from "../server.js"
import { ANSWERS, pass, type Remembered, type Upstream } from "./answers.js"
import { seededDraw } from "./draw.js"
import { type FaultKind, faultKinds, possible } from "./faults.js"

export interface FaultOptions {
  upstream: Upstream
  /** Shown to clients; without one it speaks plain HTTP. */
  certificate?: ServerCertificate
  seed?: number
  /** The part of all requests that a fault hits, 0 to 1. */
  rate?: number
  /** Default: all. */
  kinds?: FaultKind[]
  /** Faults to meet first, whatever the rate: one a request that it can hit. */
  script?: FaultKind[]
  /** Seconds that a slow answer takes, default 1. */
  slowness?: number
  /** Seconds without an answer before the connection is closed, default 1. */
  silence?: number
  /** Seconds in Retry-After, default 1. */
  retryAfter?: number
  /** Bytes a second that bodies are passed on with; default: as they come. */
  pace?: number
}

/** A server in front of another, which lets things go wrong. */
export interface FaultProxy {
  port: number
  /** What it did, in order: a fault's kind, or `passed`; and the request. */
  log: { did: FaultKind | "passed"; request: string }[]
  /** How often each fault was met. */
  counts(): Partial<Record<FaultKind, number>>
  stop(): Promise<void>
}

/** Starts a proxy on a free port. */
export async function startFaults(options: FaultOptions): Promise<FaultProxy> {
  const { upstream, certificate, seed = 1, rate = 0 } = options
  const { kinds = faultKinds, slowness = 1, silence = 1 } = options
  const { retryAfter = 1, pace = Number.POSITIVE_INFINITY } = options
  const script = [...(options.script ?? [])]
  const draw = seededDraw(seed)
  const log: FaultProxy["log"] = []
  const listings = new Map<string, Remembered>()
  // By port: what TLS makes of a socket cannot be reset.
  const sockets = new Map<number, Socket>()

  /** What hits a request, or a connection that has none yet. */
  const choose = (what: string, request?: IncomingMessage) => {
    const [next] = script
    if (next !== undefined)
      return possible([next], request).length > 0 ? script.shift() : undefined
    const from = possible(kinds, request)
    // A connection has one of the kinds: it is as rare as each of the others.
    const share = request === undefined ? 1 / kinds.length : 1
    if (from.length === 0 || draw(`whether ${what}`) >= rate * share) return
    return from[Math.floor(draw(`which ${what}`) * from.length)]
  }

  const listener: RequestListener = (request, response) => {
    const what = `${request.method} ${request.url}`
    const fault = choose(what, request)
    log.push({ did: fault ?? "passed", request: what })
    const timing = { slowness, silence, retryAfter, pace }
    const port = request.socket.remotePort ?? 0
    const breakOff = () => void sockets.get(port)?.resetAndDestroy()
    const passage = {
      breakOff,
      upstream,
      request,
      response,
      listings,
      ...timing,
    }
    // The upstream may break off, and the client may be gone by then.
    Promise.resolve((fault ? ANSWERS[fault] : pass)(passage)).catch(() =>
      request.socket.destroy(),
    )
  }
  const server = certificate
    ? createSecureServer(certificate, listener)
    : createServer(listener)
  server.requestTimeout = 0
  server.on("connection", (socket: Socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once("close", () => sockets.delete(remotePort))
    socket.on("error", () => {}) // the reset that was made here
    if (choose("connection") === undefined) return
    log.push({ did: "reset connection", request: "connection" })
    socket.resetAndDestroy()
  })
  const port = await freePort()
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
  return {
    port,
    log,
    counts: () => {
      const counts: Partial<Record<FaultKind, number>> = {}
      for (const { did } of log)
        if (did !== "passed") counts[did] = (counts[did] ?? 0) + 1
      return counts
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
