import { execFile } from "node:child_process"
import { existsSync, readdirSync, realpathSync, symlinkSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { EngineError } from "../errors.js"
import type { Store } from "../store/store.js"
import { remember } from "./memory.js"
import type { Part } from "./part.js"

const run = promisify(execFile)

/** A Node of this machine. */
export interface NodeHere {
  /** E.g. `20.20.2`. */
  version: string
  executable: string
}

/**
 * The Node of this machine that stands for an image's, with its npm.
 *
 * @throws EngineError where there is none of that major version
 */
export async function nodePart(
  reference: string,
  major: string,
  environment: NodeJS.ProcessEnv,
  store: Store,
): Promise<Part> {
  const here: NodeHere[] = []
  for (const file of candidates(environment)) {
    const found = await remember(store, file, ask)
    if (found?.version.startsWith(`${major}.`)) {
      return partOf(found)
    }
    if (found !== undefined) {
      here.push(found)
    }
  }
  throw new EngineError(missingNode(reference, major, here))
}

/** The sentence for an image whose Node is not on this machine. */
export function missingNode(
  reference: string,
  major: string,
  here: readonly NodeHere[],
): string {
  const versions = [...new Set(here.map(({ version }) => version))]
  return `Base image ${reference} needs Node ${major}, which is not on this machine. It has Node ${versions.join(", ")}. Use "dagger call", which pulls the image.`
}

/** Files that may be Node: on the PATH, of nvm, and what runs this. */
function candidates(environment: NodeJS.ProcessEnv): string[] {
  const onPath = (environment.PATH ?? "").split(":").filter((one) => one !== "")
  const nvm = path.join(
    environment.NVM_DIR ?? path.join(environment.HOME ?? "/", ".nvm"),
    "versions/node",
  )
  const managed = existsSync(nvm)
    ? readdirSync(nvm).map((name) => path.join(nvm, name, "bin"))
    : []
  const files = [...onPath, ...managed]
    .map((folder) => path.join(folder, "node"))
    .filter((file) => existsSync(file))
    .map((file) => realpathSync(file))
  return [...new Set([...files, process.execPath])]
}

async function ask(file: string): Promise<NodeHere | undefined> {
  try {
    const { stdout } = await run(file, ["--version"], { timeout: 20_000 })
    const version = /^v(\d+\.\d+\.\d+)/.exec(stdout)?.[1]
    return version === undefined ? undefined : { version, executable: file }
  } catch {
    return undefined
  }
}

const PROGRAMS = { npm: "npm-cli.js", npx: "npx-cli.js" }

/** It lies at /usr/local, as in the real image, wherever the host has it. */
function partOf({ version, executable }: NodeHere): Part {
  const modules = path.resolve(executable, "../../lib/node_modules/npm")
  const inside = "/usr/local/lib/node_modules/npm"
  const npm = existsSync(modules)
  return {
    key: ["node", version, executable, npm],
    files: [executable],
    binds: [
      { source: executable, target: "/usr/local/bin/node" },
      ...(npm ? [{ source: modules, target: inside }] : []),
    ],
    environment: { NODE_VERSION: version },
    async install(root) {
      const bin = path.join(root, "usr/local/bin")
      symlinkSync("node", path.join(bin, "nodejs"))
      for (const [name, file] of npm ? Object.entries(PROGRAMS) : []) {
        symlinkSync(
          path.join("../lib/node_modules/npm/bin", file),
          path.join(bin, name),
        )
      }
    },
  }
}
