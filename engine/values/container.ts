import type { Exec } from "../exec/exec.js"
import type { Filesystem } from "../filesystem/filesystem.js"
import type { HostBind } from "../isolation/isolation.js"
import type { Secret } from "../secrets/secret.js"
import type { Service } from "../services/service.js"
import { digestOf, type Part } from "./digest.js"

export type Sharing = "SHARED" | "PRIVATE" | "LOCKED"

/** Something mounted in a container. */
export type Mount = { target: string } & (
  | {
      kind: "directory"
      filesystem: Filesystem
      path: string
      readOnly: boolean
    }
  | { kind: "file"; filesystem: Filesystem; path: string }
  | { kind: "cache"; key: string; sharing: Sharing }
  | { kind: "temp"; size: number | undefined }
  | { kind: "secret"; secret: Secret; mode: number }
)

export interface Port {
  port: number
  protocol: "TCP" | "UDP"
  description: string | null
  skipHealthcheck: boolean
}

export interface ServiceBinding {
  alias: string
  service: Service
}

/** A root file system, mounts, and how commands run on them. */
export interface Container {
  type: "Container"
  imageRef: string | null
  filesystem: Filesystem
  binds: readonly HostBind[]
  mounts: readonly Mount[]
  environment: Readonly<Record<string, string>>
  /** Not part of the cache key. */
  volatile: Readonly<Record<string, string>>
  secrets: Readonly<Record<string, Secret>>
  labels: Readonly<Record<string, string>>
  workdir: string
  user: string
  entrypoint: readonly string[]
  defaultArgs: readonly string[]
  ports: readonly Port[]
  services: readonly ServiceBinding[]
  /** The last command. */
  exec: Exec | null
}

export function mountParts(mount: Mount): Part {
  switch (mount.kind) {
    case "directory":
      return [mount.target, mount.filesystem.digest, mount.path, mount.readOnly]
    case "file":
      return [mount.target, "file", mount.filesystem.digest, mount.path]
    case "cache":
      return [mount.target, "cache", mount.key, mount.sharing]
    case "temp":
      return [mount.target, "temp", mount.size]
    case "secret":
      return [mount.target, "secret", mount.secret.digest, mount.mode]
  }
}

/** The digest of everything that makes a container what it is. */
export function containerDigest(container: Container): string {
  const { filesystem, mounts, secrets, services, exec, binds, ...rest } =
    container
  return digestOf(
    "Container",
    { ...rest, ports: rest.ports.map((port) => ({ ...port })) },
    // The order of variables can be seen.
    Object.keys(rest.environment),
    filesystem.digest,
    binds.map(({ source, target }) => [source, target]),
    mounts.map(mountParts),
    Object.entries(secrets).map(([name, secret]) => [name, secret.digest]),
    services.map(({ alias, service }) => [alias, service.digest]),
    exec?.digest,
  )
}
