import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { change, project } from "../fixtures/project.js"
import { leftOf, random, signalAfter } from "./interruption.js"
import { startCall } from "./start.js"

/** What a kill at one moment did. Nothing is wrong when `faults` is empty. */
export interface Kill {
  /** Milliseconds after the start; the call may have ended before. */
  moment: number
  /** Whether the store was a new, empty one. */
  cold: boolean
  /** Exit code of the killed call: 137, or 0 when it was faster. */
  exitCode: number
  faults: string[]
}

/**
 * Kills `./call publish` with SIGKILL, each time on a new commit and at a
 * random moment of its run; every fifth time in a new store. After each kill,
 * no process or mount may be left, and the same call must then succeed.
 */
export async function* kills(
  count: number,
  seed: number,
): AsyncGenerator<Kill> {
  const next = random(seed)
  const repository = await project("greeter")
  const publish = (cache: string) =>
    startCall(["publish", `--source=${repository.path}`, "--index=rehearsal"], {
      cache,
    })
  const newCache = () => mkdtempSync(join(tmpdir(), "kill-"))

  const warm = newCache()
  const durations = { cold: 0, warm: 0 }
  for (const kind of ["cold", "warm"] as const) {
    change(repository, `Undisturbed, ${kind}`)
    const start = Date.now()
    const { exitCode, stderr } = await publish(warm).ended
    if (exitCode !== 0) throw new Error(`publish fails undisturbed: ${stderr}`)
    durations[kind] = Date.now() - start
  }

  for (let number = 1; number <= count; number++) {
    change(repository, `Kill ${number} of seed ${seed}`)
    const cold = number % 5 === 0
    const cache = cold ? newCache() : warm
    const moment = Math.round(next() * durations[cold ? "cold" : "warm"])
    const killed = publish(cache)
    const { exitCode } = await signalAfter(killed, moment, "SIGKILL")
    const faults = (await leftOf(cache)).map((left) => `left behind: ${left}`)
    const again = await publish(cache).ended
    if (again.exitCode !== 0)
      faults.push(`the next call failed: ${again.stderr}`)
    yield { moment, cold, exitCode, faults }
  }
}
