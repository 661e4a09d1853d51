import {
  createServer,
  type IncomingMessage,
  type RequestListener,
} from "node:http"
import type { AddressInfo } from "node:net"

/** A server inside this process, on 127.0.0.1. */
export interface Listening {
  url: string
  port: number
  stop(): Promise<void>
}

/** Starts a server on a free port. */
export async function listen(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener)
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve()),
  )
  const { port } = server.address() as AddressInfo
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, port, stop }
}

/** The bytes of a request; rejects where the sender went away. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
