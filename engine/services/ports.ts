import net, { type AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

/** Whether something listens at a TCP port of this machine. */
export function isListening(
  port: number,
  host = "127.0.0.1",
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once("connect", () => done(true))
    socket.once("error", () => done(false))
    socket.setTimeout(1000, () => done(false))
  })
}

/** A port of the loopback interface that nothing listens at. */
export async function freePort(): Promise<number> {
  const server = net.createServer()
  const { port } = await new Promise<AddressInfo>((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () =>
      resolve(server.address() as AddressInfo),
    )
  })
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Waits until something listens at a port, or until `stopped`. */
export async function untilListening(
  port: number,
  stopped: () => boolean,
): Promise<void> {
  while (!stopped() && !(await isListening(port))) {
    await sleep(20)
  }
}

/**
 * Forwards TCP connections from a port of the loopback interface. Who has said
 * all may go on listening: one direction ends without the other.
 */
export function forwardPort(
  frontend: number,
  backend: { host: string; port: number },
): Promise<net.Server> {
  const halves = { allowHalfOpen: true }
  const server = net.createServer(halves, (client) => {
    const upstream = net.connect({ ...backend, ...halves })
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    client.on("error", end)
    upstream.on("error", end)
    client.pipe(upstream).pipe(client)
  })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(frontend, "127.0.0.1", () => resolve(server))
  })
}
