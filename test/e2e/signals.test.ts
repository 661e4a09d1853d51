import { beforeAll, describe, expect, test } from "vitest"

import { change } from "../fixtures/project.js"
import { engine } from "./call.js"
import { build, sha256 } from "./dist.js"
import { leftOf } from "./interruption.js"
import { kills, rehearse, type Undisturbed, undisturbed } from "./kills.js"
import { promised } from "./promises.js"

// These are promises of ./call; the Dagger engine has its own.
describe.runIf(engine === "embedded")("./call publish", () => {
  let known: Undisturbed
  beforeAll(async () => {
    known = await undisturbed()
  })
  const publish = (message: string) => {
    change(known.repository, message)
    return rehearse(known.repository, known.cache)
  }

  // A terminal's Ctrl-C goes to all processes, `kill -INT` to ./call alone.
  const moments: [string, RegExp, "signal" | "signalGroup"][] = [
    ["while it builds, from a terminal", /facts\.py/, "signalGroup"],
    ["while it tests and verifies, sent to ./call", /build\.py/, "signal"],
    ["while it uploads, from a terminal", /run_tests\.py/, "signalGroup"],
  ]
  test.each(moments)(
    "ends at Ctrl-C %s, with nothing left",
    async (when, progress, how) => {
      const running = publish(`Ctrl-C ${when}`)
      await running.said(progress)
      expect(await leftOf(known.cache, 0)).not.toEqual([])
      running[how]("SIGINT")
      const outcome = await running.ended
      expect(outcome.stderr).toMatch(/^Stopped\.$/m)
      expect(outcome.exitCode).toBe(130)
      expect(await leftOf(known.cache)).toEqual([])
    },
  )

  test("ends at SIGTERM too, with nothing left", async () => {
    const running = publish("SIGTERM")
    await running.said(/build\.py/)
    running.signal("SIGTERM")
    expect((await running.ended).exitCode).toBe(130)
    expect(await leftOf(known.cache)).toEqual([])
  })

  test("gives the same bytes after that as a store that was never disturbed", async () => {
    const { repository, cache } = known
    const disturbed = await build(repository.path, [], { cache })
    const fresh = await build(repository.path)
    expect(sha256(disturbed.sdist)).toBe(sha256(fresh.sdist))
    expect(sha256(disturbed.wheel)).toBe(sha256(fresh.wheel))
  })

  promised("background")(
    "can be killed at any moment: nothing is left, and the next call succeeds",
    async () => {
      const seed = Date.now()
      // `npm run kill` has fifty.
      for await (const kill of kills(known, 3, seed))
        expect({ seed, ...kill }).toMatchObject({ faults: [] })
    },
    240_000,
  )
})
