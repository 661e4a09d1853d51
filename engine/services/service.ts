import type { ExecOptions } from "../exec/exec.js"
import type { Container, Port } from "../values/container.js"

/** Something that others reach by a port. */
export type Service = { type: "Service"; digest: string; ports: Port[] } & (
  | { kind: "container"; container: Container; options: ExecOptions }
  | { kind: "host"; host: string; forwards: Forward[] }
  | { kind: "tunnel"; upstream: Service; forwards: Forward[] }
)

/** A port that somebody reaches, and the port that answers. */
export interface Forward {
  frontend: number
  backend: number
}
