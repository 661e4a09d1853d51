import type net from "node:net"
import { EngineError } from "../errors.js"
import { forwardPort, isListening } from "./ports.js"
import type { Service } from "./service.js"
import type { StartedService } from "./services.js"

/** What a service on this machine is reached by. */
type Reach = Pick<Extract<Service, { kind: "host" }>, "host" | "forwards">

/**
 * A service that listens on this machine already. Commands share its network,
 * so only a port under another number needs forwarding.
 */
export async function startHostService({
  host,
  forwards,
}: Reach): Promise<StartedService> {
  const isLocal = ["localhost", "127.0.0.1", "::1"].includes(host)
  const moved = forwards.filter((it) => !isLocal || it.frontend !== it.backend)
  const servers: net.Server[] = []
  const stop = async () => {
    for (const server of servers) {
      server.close()
    }
  }
  try {
    for (const { frontend, backend } of moved) {
      if (await isListening(frontend)) {
        throw new EngineError(
          `Port ${frontend} of this machine is taken: ${host}:${backend} cannot be reached under it.`,
        )
      }
      servers.push(await forwardPort(frontend, { host, port: backend }))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { broken: new Promise(() => {}), stop }
}
