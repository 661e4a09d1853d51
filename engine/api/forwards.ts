import { type Engine, once } from "../engine.js"
import { EngineError } from "../errors.js"
import { freePort } from "../services/ports.js"
import type { Forward, Service } from "../services/service.js"
import type { Port } from "../values/container.js"
import { digestOf } from "../values/digest.js"

export interface PortForward {
  frontend?: number | null
  backend: number
  protocol: "TCP" | "UDP"
}

/** What listens on ports that this machine can reach. */
export function hostService(
  name: string,
  ports: readonly PortForward[],
): Service {
  refuseUdp(ports)
  const forwards = ports.map(({ frontend, backend }) => ({
    frontend: frontend ?? backend,
    backend,
  }))
  return {
    ...{ type: "Service", kind: "host", host: name, forwards },
    digest: digestOf("host.service", name, forwards),
    ports: forwards.map(frontPort),
  }
}

export interface TunnelOptions {
  ports: PortForward[]
  /** Every port of the service under its own number. */
  native: boolean
}

/**
 * A service under ports of this machine: those that are asked for, or else one
 * that is free for each of the service's.
 */
export async function tunnelTo(
  engine: Engine,
  upstream: Service,
  { ports, native }: TunnelOptions,
): Promise<Service> {
  refuseUdp(ports)
  const asked = ports.map(({ frontend, backend }) => ({
    frontend: frontend || null,
    backend,
  }))
  const own = upstream.ports.map(({ port }) => ({
    frontend: native ? port : null,
    backend: port,
  }))
  const wanted = native || asked.length === 0 ? [...own, ...asked] : asked
  if (wanted.length === 0) {
    throw new EngineError(
      "The service exposes no port to forward: pass one, or call withExposedPort.",
    )
  }
  const digest = digestOf("host.tunnel", upstream.digest, wanted)
  // The SDK asks again for each thing that it wants of it.
  const forwards = await once(engine, digest, () =>
    Promise.all(
      wanted.map(async ({ frontend, backend }) => ({
        frontend: frontend ?? (await freePort()),
        backend,
      })),
    ),
  )
  return {
    ...{ type: "Service", kind: "tunnel", digest, upstream, forwards },
    ports: forwards.map(frontPort),
  }
}

function refuseUdp(ports: readonly PortForward[]): void {
  if (ports.some(({ protocol }) => protocol === "UDP")) {
    throw new EngineError(
      'The embedded engine forwards TCP ports only. "dagger call" has UDP.',
    )
  }
}

function frontPort({ frontend }: Forward): Port {
  const known = { description: null, skipHealthcheck: false }
  return { port: frontend, protocol: "TCP", ...known }
}
