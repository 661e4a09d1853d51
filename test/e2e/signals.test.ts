import { setTimeout as sleep } from "node:timers/promises"
import { beforeAll, describe, expect, test } from "vitest"

import { change } from "../fixtures/project.js"
import { engine } from "./call.js"
import { build, sha256 } from "./dist.js"
import { leftOf, signalAfter } from "./interruption.js"
import { kills, rehearse, type Undisturbed, undisturbed } from "./kills.js"

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

  const moments: [string, number, "signal" | "signalGroup"][] = [
    ["a third of the way, from a terminal", 0.33, "signalGroup"],
    ["half-way, sent to ./call alone", 0.5, "signal"],
    ["at three quarters, from a terminal", 0.75, "signalGroup"],
  ]
  test.each(moments)(
    "ends at Ctrl-C %s, with nothing left",
    async (_, part, how) => {
      const running = publish(`Ctrl-C ${part}`)
      const interrupted = { ...running, signal: running[how] }
      const outcome = await signalAfter(
        interrupted,
        part * known.warm,
        "SIGINT",
      )
      expect(outcome.exitCode).toBe(130)
      expect(outcome.stderr).toMatch(/Stopped\.\n$/)
      expect(await leftOf(known.cache)).toEqual([])
    },
  )

  test("ends at SIGTERM too, with nothing left of what was seen at work", async () => {
    const running = publish("SIGTERM")
    await sleep(known.warm / 2)
    expect(await leftOf(known.cache, 0)).not.toEqual([])
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

  test("can be killed at any moment: nothing is left, and the next call succeeds", async () => {
    const seed = Date.now()
    for await (const kill of kills(known, 6, seed))
      expect({ seed, ...kill }).toMatchObject({ faults: [] })
  }, 240_000)
})
