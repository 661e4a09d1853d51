import { randomBytes } from "node:crypto"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { environment } from "./environment.js"
import { run } from "./run.js"
import { freePort, type Server, startServer } from "./server.js"

export interface Devpi extends Server {
  user: string
  password: string
  /** Makes an index and gives its path, `/USER/NAME/`: uploads go there, its
   * simple pages (JSON and HTML) are under `+simple/`. Its files are final. */
  index(name: string): Promise<string>
}

/** A devpi-server on a free port, with one user and no mirror of PyPI. */
export async function startDevpi(): Promise<Devpi> {
  const programs = join(await environment("devpi"), "bin")
  const folder = mkdtempSync(join(tmpdir(), "devpi-"))
  const state = join(folder, "state")
  const secret = join(folder, "secret")
  writeFileSync(secret, randomBytes(48).toString("base64"), { mode: 0o600 })
  await run(join(programs, "devpi-init"), [
    `--serverdir=${state}`,
    "--no-root-pypi",
    `--root-passwd=${randomBytes(12).toString("hex")}`,
  ])
  const port = await freePort()
  const server = await startServer({
    command: join(programs, "devpi-server"),
    args: [
      `--serverdir=${state}`,
      `--secretfile=${secret}`,
      "--host=127.0.0.1",
      `--port=${port}`,
      "--threads=4",
    ],
    port,
    health: "/+api",
  })
  const user = "uploader"
  const password = randomBytes(12).toString("hex")
  const put = async (path: string, body: object) => {
    const login = Buffer.from(`${user}:${password}`).toString("base64")
    const response = await fetch(server.url + path, {
      method: "PUT",
      headers: {
        "content-type": "application/json",
        ...(path === `/${user}` ? {} : { "x-devpi-auth": login }),
      },
      body: JSON.stringify(body),
    })
    if (!response.ok)
      throw new Error(`devpi refused PUT ${path}: ${await response.text()}`)
  }
  await put(`/${user}`, { password })
  const index = async (name: string) => {
    await put(`/${user}/${name}`, { bases: [], volatile: false })
    return `/${user}/${name}/`
  }
  return { ...server, user, password, index }
}
