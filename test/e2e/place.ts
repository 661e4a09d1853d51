import type { Pypi } from "../servers/pypi/start.js"

/** How the run's commands are kept from this machine. */
export const isolation = process.env.PYPI_DEPLOY_ISOLATION || "namespaces"

/** What a command knows a service by, in URLs: in a folder, where it is. */
export function knownAs(alias: string): string {
  return isolation === "folder" ? "127.0.0.1" : alias
}

/** How a call reaches an index that speaks TLS under its own authority. */
export interface Place {
  port: number
  /** The authority's file. */
  certificate: string
}

/** The index itself; a proxy's port in its place. */
export function placeOf({ port, authority }: Pypi, through?: number): Place {
  return { port: through ?? port, certificate: authority.file }
}

/** The flags that name an index. */
export function indexFlags({ port, certificate }: Place): string[] {
  return [
    `--index=https://index:${port}/legacy/`,
    `--index-service=tcp://127.0.0.1:${port}`,
    `--certificate=${certificate}`,
  ]
}
