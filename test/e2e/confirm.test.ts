import { randomBytes } from "node:crypto"
import { copyFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { makeDist, makeWheel } from "../fixtures/distribution.js"
import {
  emptyPypiserver,
  type PypiServer,
  startPypiserver,
} from "../servers/pypiserver.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"

let server: PypiServer
let dist: string
beforeAll(async () => {
  server = await startPypiserver()
  dist = await makeDist({ name: "proven", version: "1.0" })
})
afterAll(() => server?.stop())

const confirm = (...flags: string[]) =>
  call([
    ...["confirm", `--index=http://index:${server.port}/`],
    `--index-service=tcp://127.0.0.1:${server.port}`,
    ...["--deadline=1", ...flags],
  ])

function serve(folder: string): void {
  for (const name of readdirSync(folder).filter((it) => /\.(whl|gz)$/.test(it)))
    copyFileSync(join(folder, name), join(server.packages, name))
}

describe("confirm", () => {
  test("proves a release against its folder, and really looks again", async () => {
    serve(dist)
    const outcome = await confirm(`--dist=${dist}`)
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/proven 1\.0 is on .*, and installs/)
    emptyPypiserver(server)
    const gone = await confirm(`--dist=${dist}`)
    expect(gone.exitCode).toBe(1)
    expectSentence(gone, /the index does not list proven-1\.0/)
  })

  test("proves a release by its name, by what the index says", async () => {
    serve(dist)
    const flags = ["--project=proven", "--version=v1", "--format=json"]
    const outcome = await confirm(...flags)
    expectDone(outcome)
    const report = JSON.parse(outcome.stdout)
    expect(report.compared).toBe("index")
    expect(report.files).toHaveLength(2)
    const other = await confirm("--project=proven", "--version=9.9")
    expect(other.exitCode).toBe(1)
    expectSentence(other, /no files of proven 9\.9/)
  })

  test("installs no file that was not built, and names it", async () => {
    serve(dist)
    const options = { name: "proven", version: "1.0" }
    const ballast = randomBytes(500)
    const tag = "9-py3-none-any"
    makeWheel(server.packages, {
      ...options,
      ballast,
      tag,
      without: ["__.py"],
    })
    const outcome = await confirm(`--dist=${dist}`)
    emptyPypiserver(server)
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/installed +on 3\.\d+, imports proven\n/)
    expect(outcome.stdout).toContain(`these: proven-1.0-${tag}.whl.`)
  })

  test("refuses other bytes, with both hashes", async () => {
    serve(
      await makeDist({
        name: "proven",
        version: "1.0",
        ballast: randomBytes(5000),
      }),
    )
    const outcome = await confirm(`--dist=${dist}`)
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /is larger than it may be|with sha256/)
  })

  test("takes no version that is none", async () => {
    const outcome = await confirm("--project=proven", "--version=newest")
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /--version=newest is no version/)
  })

  test("has nothing to look at after a rehearsal", async () => {
    const flags = ["--project=a", "--version=1", "--index=rehearsal"]
    const outcome = await call(["confirm", ...flags])
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /nothing to look at/)
  })
})
