import { afterAll, beforeAll, expect, inject, test } from "vitest"

import { makeDist } from "../fixtures/distribution.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import { stored } from "../soak/truth.js"
import { call, engine } from "./call.js"
import { indexFlags, placeOf } from "./place.js"
import { receiptOf } from "./pypi.js"
import { startCall } from "./start.js"

let index: Pypi
beforeAll(async () => {
  index = await startPypi()
  index.project("raced")
  index.switches.thinking = 0.3 // so that uploads overlap
})
afterAll(() => index?.stop())

/** A process of its own: one process has one session at a time. */
function publish(dist: string) {
  const args = ["publish", ...indexFlags(placeOf(index)), `--dist=${dist}`]
  args.push("--token=env:INDEX_TOKEN", "--format=json")
  const environment = { INDEX_TOKEN: index.token() }
  return engine === "embedded"
    ? startCall(args, { cache: inject("cache"), environment }).ended
    : call(args, { environment })
}

test("two publishes of one commit end in one release and two honest receipts", async () => {
  for (const version of ["1.0", "1.1", "1.2"]) {
    const dist = await makeDist({ name: "raced", version })
    const both = await Promise.all([publish(dist), publish(dist)])
    const receipts = both.map(receiptOf)
    const there = stored(index, "raced", version)
    expect(there).toHaveLength(2)
    for (const { files } of receipts)
      expect(files.map(({ name, sha256 }) => ({ name, sha256 }))).toEqual(
        expect.arrayContaining(there),
      )
  }
})

test("two commits that race for one version: one wins, the other says so", async () => {
  for (const version of ["2.0", "2.1", "2.2"]) {
    const dists = await Promise.all(
      ["one", "other"].map((Summary) =>
        makeDist({ name: "raced", version, metadata: { Summary } }),
      ),
    )
    const both = await Promise.all(dists.map(publish))
    const codes = both.map((it) => it.exitCode)
    expect([...codes].sort(), both.map((it) => it.stderr).join()).toEqual([
      ...[0, 1],
    ])
    const [winner, loser] = codes[0] === 0 ? both : [...both].reverse()
    const there = stored(index, "raced", version)
    if (winner === undefined || loser === undefined) expect.unreachable()
    const { files } = receiptOf(winner)
    expect(files.map(({ name, sha256 }) => ({ name, sha256 }))).toEqual(
      expect.arrayContaining(there),
    )
    expect(there).toHaveLength(2)
    expect(loser.stderr).toMatch(/other bytes|[0-9a-f]{64}/)
  }
})
