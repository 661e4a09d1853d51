import type { HostBind } from "../isolation/isolation.js"
import type { Part as Key } from "../values/digest.js"

/** Something of an image that this machine has: Python, Node, uv, a Debian. */
export interface Part {
  /** Which one it is, for the image's digest. */
  key: Key
  /** Files that change when it does. */
  files: string[]
  /** What containers see of the host for its sake. */
  binds: HostBind[]
  environment: Record<string, string>
  /** Writes what it has of its own into the image's root. */
  install(root: string): Promise<void>
}
