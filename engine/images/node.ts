import { existsSync, realpathSync } from "node:fs"
import path from "node:path"
import { EngineError } from "../errors.js"
import type { HostBind } from "../isolation/isolation.js"

/** The Node.js of this machine: the one that runs the engine. */
export interface NodeRuntime {
  version: string
  /** Where it is installed, e.g. `/usr`. */
  prefix: string
}

const IMAGE =
  /^(?:docker\.io\/(?:library\/)?)?node:(\d+)(?:-bookworm(?:-slim)?)?$/

/**
 * The Node.js that stands for an image's, or nothing where the reference is
 * none of Node.js.
 *
 * @throws EngineError where this machine has another version
 */
export function findNode(
  reference: string,
  { version, execPath }: Pick<NodeJS.Process, "version" | "execPath"> = process,
): NodeRuntime | undefined {
  const [, major] = IMAGE.exec(reference) ?? []
  if (major === undefined) {
    return undefined
  }
  if (!version.startsWith(`v${major}.`)) {
    throw new EngineError(
      `Base image ${reference} needs Node.js ${major}, but this machine has ${version}. "dagger call" pulls the image.`,
    )
  }
  return { version, prefix: path.dirname(path.dirname(realpathSync(execPath))) }
}

/** What containers see of it: at /usr/local, unless it lies in /usr. */
export function nodeBinds({ prefix }: NodeRuntime): HostBind[] {
  return prefix === "/usr"
    ? []
    : ["bin/node", "lib/node_modules"]
        .filter((part) => existsSync(path.join(prefix, part)))
        .map((part) => ({
          source: realpathSync(path.join(prefix, part)),
          target: path.join("/usr/local", part),
        }))
}

/** The links of /usr/local/bin to what came with it. */
export function nodeLinks({ prefix }: NodeRuntime): Record<string, string> {
  const at = "../lib/node_modules/npm/bin"
  return prefix === "/usr"
    ? {}
    : { npm: `${at}/npm-cli.js`, npx: `${at}/npx-cli.js` }
}
