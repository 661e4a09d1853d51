import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
} from "node:fs"
import { basename, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { change, project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import { build, sha256 } from "./dist.js"
import { expectDone } from "./expect.js"
import { publishTo } from "./publish.js"
import type { Outcome } from "./start.js"

const token = "a-token-of-this-test"
let server: PypiServer
beforeAll(async () => {
  server = await startPypiserver({ token })
})
afterAll(() => server?.stop())

const stored = (name: string) => join(server.packages, name)
const publish = (source: string, ...flags: string[]) =>
  publishTo({ port: server.port, token }, `--source=${source}`, ...flags)

describe("publish of a commit", () => {
  let repository: Repository
  beforeAll(async () => {
    repository = await project("greeter", { commits: 1 })
  })
  const times = () =>
    readdirSync(server.packages).map((name) => [
      name,
      statSync(stored(name)).mtimeMs,
    ])

  /** A receipt has the names and hashes of what build gives. */
  async function expectReceipt({ stdout }: Outcome) {
    const { sdist, wheel } = await build(repository.path)
    for (const file of [sdist, wheel]) {
      expect(stdout).toContain(basename(file))
      expect(stdout).toContain(sha256(file))
    }
  }

  test("uploads the very bytes that build gives, with a token", async () => {
    const receipt = await publish(repository.path)
    expectDone(receipt)
    const dist = await build(repository.path)
    for (const file of [dist.sdist, dist.wheel])
      expect(sha256(stored(basename(file)))).toBe(sha256(file))
    await expectReceipt(receipt)
    expect(receipt.stdout).toContain("1.0.1.dev1")
  })

  // What is done again is fast: each form of the receipt has its publish.
  const shapes: [string, (text: string) => void][] = [
    [
      "json",
      (text) =>
        expect(JSON.parse(text)).toMatchObject({ version: "1.0.1.dev1" }),
    ],
    ["markdown", (text) => expect(text).toMatch(/^\|.*\|$/m)],
  ]
  test.each(shapes)(
    "is done when identical bytes are there already, with a receipt as %s",
    async (format, expectShape) => {
      const before = times()
      expect(before).toHaveLength(2)
      const receipt = await publish(repository.path, `--format=${format}`)
      expectDone(receipt)
      expect(times()).toEqual(before)
      await expectReceipt(receipt)
      expectShape(receipt.stdout)
    },
  )

  test("goes on where an earlier upload broke off", async () => {
    change(repository, "Half uploaded")
    const { sdist, wheel } = await build(repository.path)
    appendFileSync(stored(basename(wheel)), readFileSync(wheel))
    expectDone(await publish(repository.path))
    expect(sha256(stored(basename(sdist)))).toBe(sha256(sdist))
  })

  test("stops with both hashes when other bytes have the name", async () => {
    change(repository, "Taken already")
    const { sdist, wheel } = await build(repository.path)
    const taken = stored(basename(sdist))
    appendFileSync(taken, readFileSync(sdist))
    appendFileSync(taken, "other bytes")
    const { exitCode, stderr } = await publish(repository.path)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(sha256(sdist))
    expect(stderr).toContain(sha256(taken))
    expect(existsSync(stored(basename(wheel)))).toBe(false)
  })
})

describe("publish uploads nothing when", () => {
  test("a test fails", async () => {
    const { path } = await project("failing-tests", { tag: "v9.0.0" })
    const { exitCode, stderr } = await publish(path)
    expect(exitCode).toBe(1)
    expect(stderr).toContain("test_is_wrong")
    expect(readdirSync(server.packages).join()).not.toContain("9.0.0")
  })

  test("a check fails", async () => {
    const { path } = await project("bad-metadata", { tag: "v9.1.0" })
    expect(await publish(path)).toMatchObject({ exitCode: 1 })
    expect(readdirSync(server.packages).join()).not.toContain("9.1.0")
  })

  test("the token is wrong, and says what to do without showing it", async () => {
    const { path } = await project("greeter", { tag: "v9.2.0" })
    const wrong = { port: server.port, token: "not-the-token" }
    const outcome = await publishTo(wrong, `--source=${path}`)
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toMatch(/40[13]/)
    expect(outcome.stderr).toMatch(/token/)
    expect(outcome.stderr + outcome.stdout).not.toContain(wrong.token)
    expect(readdirSync(server.packages).join()).not.toContain("9.2.0")
  })
})

test("publish --dist uploads what was built before, without a source", async () => {
  const { path } = await project("greeter", { commits: 4 })
  const { folder, sdist, wheel } = await build(path)
  const outcome = await publishTo(
    { port: server.port, token },
    `--dist=${folder}`,
  )
  expectDone(outcome)
  for (const file of [sdist, wheel])
    expect(sha256(stored(basename(file)))).toBe(sha256(file))
})
