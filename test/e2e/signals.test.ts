import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import { change, project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { engine } from "./call.js"
import { build, sha256 } from "./dist.js"
import { expectDone } from "./expect.js"
import { leftOf, signalAfter } from "./interruption.js"
import { kills } from "./kills.js"
import { startCall } from "./start.js"

// These are promises of ./call; the Dagger engine has its own.
describe.runIf(engine === "embedded")("./call publish", () => {
  let repository: Repository
  let cache: string
  let duration: number
  const publish = () =>
    startCall(["publish", `--source=${repository.path}`, "--index=rehearsal"], {
      cache,
    })

  beforeAll(async () => {
    repository = await project("greeter")
    cache = mkdtempSync(join(tmpdir(), "signals-"))
    expectDone(await publish().ended)
    change(repository, "Warm")
    const start = Date.now()
    expectDone(await publish().ended)
    duration = Date.now() - start
  })

  const moments: [string, number, "signal" | "signalGroup"][] = [
    ["a third of the way, from a terminal", 0.33, "signalGroup"],
    ["half-way, sent to ./call alone", 0.5, "signal"],
    ["at three quarters, from a terminal", 0.75, "signalGroup"],
  ]
  test.each(moments)(
    "ends at Ctrl-C %s, with nothing left",
    async (_, part, how) => {
      change(repository, `Ctrl-C ${part}`)
      const running = publish()
      const signal = { ...running, signal: running[how] }
      const outcome = await signalAfter(signal, part * duration, "SIGINT")
      expect(outcome.exitCode).toBe(130)
      expect(outcome.stderr).toMatch(/Stopped\.\n$/)
      expect(await leftOf(cache)).toEqual([])
    },
  )

  test("gives the same bytes after that as a store that was never disturbed", async () => {
    const disturbed = await build(repository.path, [], { cache })
    const fresh = await build(repository.path)
    expect(sha256(disturbed.sdist)).toBe(sha256(fresh.sdist))
    expect(sha256(disturbed.wheel)).toBe(sha256(fresh.wheel))
  })

  test("ends at SIGTERM too, with nothing left", async () => {
    change(repository, "SIGTERM")
    const outcome = await signalAfter(publish(), duration / 2, "SIGTERM")
    expect(outcome.exitCode).toBe(130)
    expect(await leftOf(cache)).toEqual([])
  })

  test("can be killed at any moment: nothing is left, and the next call succeeds", async () => {
    const seed = Date.now()
    for await (const kill of kills(6, seed))
      expect({ seed, ...kill }).toMatchObject({ faults: [] })
  }, 240_000)
})
