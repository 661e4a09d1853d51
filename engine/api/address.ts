import { EngineError } from "../errors.js"
import { secretAt } from "../secrets/secret.js"
import type { Address } from "../values/values.js"
import { node, type Resolvers } from "./api.js"
import { container, emptyContainer } from "./container.js"
import { hostService } from "./forwards.js"
import { type HostSelection, hostDirectory, hostFile } from "./host.js"

type Selected = Omit<HostSelection, "path">

/** Every field of Address. */
export const address: Resolvers<Address> = {
  ...node(),
  value: ({ value }) => value,
  container: ({ value }, _: never, api) =>
    container.from?.(emptyContainer, { address: value } as never, api),
  directory: ({ value }, args: Selected, { engine }) =>
    hostDirectory(engine, { ...args, path: localPath(value) }),
  file: ({ value }, _: Selected, { engine }) =>
    hostFile(engine, localPath(value)),
  secret: ({ value }, _: never, { engine }) => secretAt(engine, value),
  service({ value }) {
    const { protocol, hostname, port } = parseUrl(value)
    if (protocol !== "tcp:" || port === "") {
      throw new EngineError(
        `${value} is no address of a service: write tcp://HOST:PORT.`,
      )
    }
    const forward = { backend: Number(port), protocol: "TCP" as const }
    return hostService(hostname, [forward])
  },
}

/**
 * The path that an address names.
 *
 * @throws EngineError for a git repository, which only `dagger call` fetches
 */
export function localPath(value: string): string {
  if (value.startsWith("file://")) {
    return value.slice("file://".length)
  }
  if (/^[a-z+]+:\/\/|^[\w.-]+@[\w.-]+:/.test(value)) {
    throw new EngineError(
      `The embedded engine reads folders of this machine, not ${value}: clone it first, or use "dagger call".`,
    )
  }
  return value
}

function parseUrl(value: string): {
  protocol: string
  hostname: string
  port: string
} {
  return URL.canParse(value)
    ? new URL(value)
    : { protocol: "", hostname: "", port: "" }
}
