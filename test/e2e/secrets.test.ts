import { randomBytes } from "node:crypto"
import { mkdtempSync, readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import { engine } from "./call.js"
import { filesContaining } from "./traces.js"
import { printed, type Watched, watched } from "./watched.js"

const canary = `pypi-canary-${randomBytes(16).toString("hex")}`
// As it stands in an HTTP header.
const encoded = Buffer.from(`__token__:${canary}`).toString("base64")

// The process list and the store of a Dagger engine are not this machine's.
describe.runIf(engine === "embedded")("a token that publish used", () => {
  let server: PypiServer
  let cache: string
  const runs: Watched[] = []

  beforeAll(async () => {
    server = await startPypiserver({ token: canary })
    cache = mkdtempSync(join(tmpdir(), "canary-store-"))
    const { path } = await project("greeter", { commits: 5 })
    const { path: other } = await project("greeter", { tag: "v8.0.0" })
    const publish = (source: string, folder: string, ...flags: string[]) =>
      watched(
        [
          "publish",
          `--source=${source}`,
          `--index=http://index:${server.port}/${folder}`,
          `--index-service=tcp://127.0.0.1:${server.port}`,
          "--token=env:INDEX_TOKEN",
          ...flags,
        ],
        cache,
        { INDEX_TOKEN: canary },
      )
    runs.push(await publish(path, "", "--debug"))
    // The first has its receipt as text.
    for (const format of ["json", "markdown"])
      runs.push(await publish(path, "", `--format=${format}`))
    // Nothing takes uploads there: the token is in an exec that fails.
    runs.push(await publish(other, "nowhere/"))
  })
  afterAll(() => server?.stop())

  test("was used: the upload is there, and a wrong place was refused", () => {
    expect(readdirSync(server.packages)).toContain("greeter-1.0.1.dev5.tar.gz")
    expect(runs.map((run) => run.outcome.exitCode)).toEqual([0, 0, 0, 1])
  })

  test("is not on stdout or stderr, --debug included, nor in a receipt", () => {
    for (const run of runs) {
      expect(printed(run)).not.toContain(canary)
      expect(printed(run)).not.toContain(encoded)
    }
    expect(printed(runs[0] as Watched)).toContain("1.0.1.dev5")
  })

  test("is in no process's arguments", () => {
    const all = runs.flatMap((run) => run.seen)
    // The watch works: it saw the call and the commands that it ran.
    expect(all.join("\n")).toContain("--token=env:INDEX_TOKEN")
    expect(all.join("\n")).toMatch(/\/tools\/\w+\.py/)
    expect(all.filter((line) => line.includes(canary))).toEqual([])
    expect(all.filter((line) => line.includes(encoded))).toEqual([])
  })

  test("is in no file of the store, by name or content", () => {
    // The search works: what was built is found.
    expect(filesContaining(cache, "1.0.1.dev5")).not.toEqual([])
    expect(filesContaining(cache, canary, encoded)).toEqual([])
  })
})
