import { join } from "node:path"
import { startGitHub } from "../servers/github/server.js"
import { leftOf, random, signalAfter } from "./interruption.js"
import { newCache } from "./kills.js"
import { attached, type Built, built, push, releaseArgs } from "./release.js"
import { startCall } from "./start.js"

/** What a kill of `release` at one moment did; no faults where all is well. */
export interface ReleaseKill {
  /** Milliseconds after the start. */
  moment: number
  /** Exit code of the killed call: 137, or 0 when it was faster. */
  exitCode: number
  faults: string[]
}

/** What is wrong with the double once a release should be whole. */
function faultsOf(
  github: Awaited<ReturnType<typeof startGitHub>>,
  { files }: Built,
): string[] {
  const { releases } = github.state
  const names = releases.flatMap((it) => it.assets.map((a) => a.name))
  const published = releases.filter((it) => !it.draft)
  const same =
    JSON.stringify([...attached(github)]) === JSON.stringify([...files])
  return [
    ...(releases.length === 1 ? [] : [`${releases.length} releases`]),
    ...(published.length === 1 ? [] : [`${published.length} are published`]),
    ...(new Set(names).size === names.length ? [] : ["a file is there twice"]),
    ...(same ? [] : [`attached: ${[...attached(github).keys()]}`]),
  ]
}

/**
 * Kills `./call release` with SIGKILL at random moments, each time with a new
 * GitHub; the same call must then end with the whole release, once.
 */
export async function* releaseKills(
  count: number,
  seed: number,
): AsyncGenerator<ReleaseKill> {
  const next = random(seed)
  const token = "a-token-of-this-test"
  const environment = { GITHUB_TOKEN: token }
  const cache = newCache()
  const one = await built("v1.1.0", async (source) => {
    const dist = join(newCache(), "dist")
    const chain = ["export", `--path=${dist}`]
    await startCall(["build", `--source=${source}`, ...chain], { cache }).ended
    return dist
  })
  const begin = async () => {
    const github = await startGitHub(token)
    push(github, one.repository, "v1.1.0")
    const args = releaseArgs(github, one, "--deadline=120")
    return { github, start: () => startCall(args, { cache, environment }) }
  }
  // Warm: what is installed is installed, and how long a call takes is known.
  let duration = 0
  for (let warm = 0; warm < 2; warm++) {
    const { github, start } = await begin()
    const started = Date.now()
    const { exitCode, stderr } = await start().ended
    duration = Date.now() - started
    await github.stop()
    if (exitCode !== 0) throw new Error(`release fails undisturbed: ${stderr}`)
  }
  for (let number = 0; number < count; number++) {
    const { github, start } = await begin()
    const moment = Math.round(next() * duration)
    const { exitCode } = await signalAfter(start(), moment, "SIGKILL")
    const faults = (await leftOf(cache)).map((left) => `left behind: ${left}`)
    const again = await start().ended
    if (again.exitCode !== 0) faults.push(`the rerun failed: ${again.stderr}`)
    yield { moment, exitCode, faults: [...faults, ...faultsOf(github, one)] }
    await github.stop()
  }
}
