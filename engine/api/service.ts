import { EngineError } from "../errors.js"
import type { Service } from "../services/service.js"
import { node, type Resolvers } from "./api.js"
import { type PortForward, tunnelTo } from "./forwards.js"

/** The network is the host's: every service is reached there. */
const HOSTNAME = "127.0.0.1"

/** Every field of Service. */
export const service: Resolvers<Service> = {
  ...node(),
  hostname: () => HOSTNAME,
  ports: ({ ports }) => ports.map((port) => ({ type: "Port", ...port })),
  endpoint(value, args: { port?: number | null; scheme: string }) {
    const port = args.port ?? value.ports[0]?.port
    if (port === undefined) {
      throw new EngineError(
        "The service exposes no port: pass one, or call withExposedPort.",
      )
    }
    const address = `${HOSTNAME}:${port}`
    return args.scheme === "" ? address : `${args.scheme}://${address}`
  },
  async start(value, _: never, { engine, ids }) {
    await engine.services.start(value)
    return ids.of(value)
  },
  async sync(value, _: never, { engine, ids }) {
    await engine.services.start(value)
    return ids.of(value)
  },
  async up(value, args: { ports: PortForward[]; random: boolean }, { engine }) {
    const native = !args.random && args.ports.length === 0
    const tunnel = await tunnelTo(engine, value, { ...args, native })
    const at = tunnel.ports.map(({ port }) => `${HOSTNAME}:${port}`).join(", ")
    const id = `up ${tunnel.digest}`
    const step = { id, name: `up at ${at} until Ctrl-C` }
    const began = Date.now()
    engine.progress({ ...step, state: "started" })
    const started = await engine.services.start(tunnel)
    const milliseconds = Date.now() - began
    engine.progress({ ...step, state: "done", milliseconds })
    return engine.services.wait(started)
  },
  async stop(value, { kill }: { kill: boolean }, { engine, ids }) {
    await engine.services.stop(value, kill)
    return ids.of(value)
  },
}
