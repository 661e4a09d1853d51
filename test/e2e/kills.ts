import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { change, project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { leftOf, random, signalAfter } from "./interruption.js"
import { type Running, startCall } from "./start.js"

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

/** What kills need to know of undisturbed calls. */
export interface Undisturbed {
  repository: Repository
  /** A cache folder ($XDG_CACHE_HOME) that is warm. */
  cache: string
  /** Milliseconds of `publish` with a new store, and with a warm one. */
  cold: number
  warm: number
}

/** Starts `./call publish` to a rehearsal index. */
export function rehearse(repository: Repository, cache: string): Running {
  const source = `--source=${repository.path}`
  return startCall(["publish", source, "--index=rehearsal"], { cache })
}

export function newCache(): string {
  return mkdtempSync(join(tmpdir(), "interrupted-"))
}

/** Publishes two commits of a new repository in a new store. */
export async function undisturbed(): Promise<Undisturbed> {
  const repository = await project("greeter")
  const cache = newCache()
  const time = async (what: string) => {
    change(repository, `Undisturbed, ${what}`)
    const start = Date.now()
    const { exitCode, stderr } = await rehearse(repository, cache).ended
    if (exitCode !== 0) throw new Error(`publish fails undisturbed: ${stderr}`)
    return Date.now() - start
  }
  const cold = await time("cold")
  return { repository, cache, cold, warm: await time("warm") }
}

/**
 * Kills `./call publish` with SIGKILL, each time on a new commit and at a
 * random moment of its run; every seventh time in a new store. After each kill,
 * no process or mount may be left, and the same call must then succeed.
 */
export async function* kills(
  { repository, ...known }: Undisturbed,
  count: number,
  seed: number,
): AsyncGenerator<Kill> {
  const next = random(seed)
  // A call that is faster than its kill tells how long calls take by now.
  const duration = { cold: known.cold, warm: known.warm }
  for (let number = 1; number <= count; number++) {
    change(repository, `Kill ${number} of seed ${seed}`)
    const cold = number % 7 === 0
    const cache = cold ? newCache() : known.cache
    const kind = cold ? "cold" : "warm"
    const moment = Math.round(next() * duration[kind])
    const start = Date.now()
    const killed = rehearse(repository, cache)
    const { exitCode } = await signalAfter(killed, moment, "SIGKILL")
    duration[kind] = exitCode === 0 ? Date.now() - start : duration[kind]
    const faults = (await leftOf(cache)).map((left) => `left behind: ${left}`)
    const again = await rehearse(repository, cache).ended
    if (again.exitCode !== 0)
      faults.push(`the next call failed: ${again.stderr}`)
    yield { moment, cold, exitCode, faults }
  }
}
