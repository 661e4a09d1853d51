import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import type { VerifyReport } from "../../dagger/src/verify.js"
import { makeDist } from "../fixtures/distribution.js"
import { makeAuthority } from "../servers/pypi/certificate.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import { call } from "./call.js"
import { expectSentence } from "./expect.js"
import { indexFlags, placeOf } from "./place.js"
import { publishWithToken, receiptOf } from "./pypi.js"

/** An index under an authority of its own, with a first release. */
let index: Pypi
let larger: string
beforeAll(async () => {
  index = await startPypi()
  const first = await makeDist({ name: "sized", version: "1.0" })
  const flags = [`--dist=${first}`, "--format=json"]
  receiptOf(await publishWithToken(placeOf(index), index.token(), ...flags))
  const ballast = randomBytes(64 * 1024)
  larger = await makeDist({ name: "sized", version: "1.1", ballast })
})
afterAll(() => index?.stop())

const verify = (dist: string, ...flags: string[]) =>
  call(["verify", `--dist=${dist}`, "--format=json", ...flags])
const reportOf = (stdout: string) => JSON.parse(stdout) as VerifyReport

describe("verify, with the certificate of an index", () => {
  test("compares sizes with its release before", async () => {
    const flags = ["--only=previous-size", ...indexFlags(placeOf(index))]
    const { checks } = reportOf((await verify(larger, ...flags)).stdout)
    expect(checks).toMatchObject([{ id: "previous-size" }])
    expect(checks[0]?.problems.join("\n")).toMatch(
      /sized-1\.1-py3-none-any\.whl has \d+ bytes, in 1\.0\.?0? it had \d+/,
    )
    const like = await makeDist({ name: "sized", version: "1.2" })
    const same = reportOf((await verify(like, ...flags)).stdout)
    expect(same.checks).toMatchObject([{ problems: [] }])
    expect(same.checks[0]?.evidence).not.toEqual([])
  })

  test("runs every other check beside it, the installs too", async () => {
    const flags = indexFlags(placeOf(index))
    const { stdout, stderr, exitCode } = await verify(larger, ...flags)
    expect(stderr).not.toContain("Error:")
    expect(exitCode).toBe(0)
    const ids = reportOf(stdout).checks.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(["install-wheel", "previous-size"]),
    )
  })
})

describe("verify refuses an index in a sentence", () => {
  const before = () => index.log.length
  test.each([
    ["without its certificate", () => []],
    ["with another's", () => [`--certificate=${makeAuthority().file}`]],
  ])("%s", async (_what, certificate) => {
    const [address = "", service = ""] = indexFlags(placeOf(index))
    const asked = before()
    const outcome = await verify(
      ...([larger, "--only=previous-size", address, service] as const),
      ...certificate(),
    )
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /certificate.*--certificate/is)
    expect(outcome.stdout).toBe("")
    expect(before()).toBe(asked)
  })
})
