import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

import { argumentsOf } from "../../e2e/traces.js"
import { freePort, startServer } from "../../servers/server.js"

/** A shell with a server below it: a process tree, as some servers are. */
const tree = async () => {
  const port = await freePort()
  return startServer({
    command: "sh",
    args: ["-c", `python3 -m http.server --bind 127.0.0.1 ${port}; :`],
    port,
    health: "/",
  })
}

test("a server answers once it is started, and its whole tree is gone once stopped", async () => {
  const server = await tree()
  expect((await fetch(server.url)).status).toBe(200)
  const children = readFileSync(
    `/proc/${server.pid}/task/${server.pid}/children`,
    "utf8",
  )
  expect(children.trim()).not.toBe("")
  await server.stop()
  await expect(fetch(server.url)).rejects.toThrow()
  // A process that ended has no arguments, waited for or not.
  for (const child of children.trim().split(" "))
    await expect.poll(() => argumentsOf(Number(child))).toBe("")
})

test("a server that ends at once is an error with its log", async () => {
  const failing = startServer({
    command: "sh",
    args: ["-c", "echo no such option >&2; exit 3"],
    port: await freePort(),
    health: "/",
  })
  await expect(failing).rejects.toThrow("no such option")
})

test("a server that is not installed is an error", async () => {
  const missing = startServer({
    command: "no-such-server",
    args: [],
    port: await freePort(),
    health: "/",
  })
  await expect(missing).rejects.toThrow(/no-such-server did not start/)
})
