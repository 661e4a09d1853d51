import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { environment } from "./environment.js"
import { freePort, type Server, startServer } from "./server.js"

export interface PypiServer extends Server {
  /** The folder that holds what was uploaded. */
  packages: string
}

export interface PypiServerOptions {
  /** Uploads need user `__token__` with this token; without one, anybody may. */
  token?: string
}

/**
 * A pypiserver on a free port with nothing in it: uploads at `/`, simple pages
 * (HTML) at `/simple/`. A file that exists already is refused with 409.
 */
export async function startPypiserver(
  options: PypiServerOptions = {},
): Promise<PypiServer> {
  const folder = mkdtempSync(join(tmpdir(), "pypiserver-"))
  const packages = join(folder, "packages")
  mkdirSync(packages)
  const access = ["--passwords", ".", "--authenticate", "."]
  if (options.token !== undefined) {
    const passwords = join(folder, "htpasswd")
    const digest = createHash("sha1").update(options.token).digest("base64")
    writeFileSync(passwords, `__token__:{SHA}${digest}\n`)
    access.splice(0, 4, "--passwords", passwords, "--authenticate", "update")
  }
  const port = await freePort()
  const server = await startServer({
    command: join(await environment("pypiserver"), "bin/python"),
    args: [
      "-m",
      "pypiserver",
      "run",
      "--interface=127.0.0.1",
      `--port=${port}`,
      "--disable-fallback",
      ...access,
      packages,
    ],
    port,
    health: "/health",
  })
  return { ...server, packages }
}

/** Forgets every upload. */
export function emptyPypiserver({ packages }: PypiServer): void {
  rmSync(packages, { recursive: true })
  mkdirSync(packages)
}
