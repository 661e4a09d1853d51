import { parseArgs } from "node:util"

import { kills, undisturbed } from "./e2e/kills.js"
import { publishKills } from "./e2e/publish-kills.js"
import { releaseKills } from "./e2e/release-kills.js"
import { ownTemporaryFolder } from "./temporary.js"

/**
 * `npm run kill`: SIGKILL at random moments, 50 of `publish`, 30 of an upload
 * (`publish --dist` to an index that keeps what it got), 20 of `release`.
 * `--calls=N`, `--uploads=N`, `--releases=N` say how many of each; `--seed=N`
 * has the same moments once more.
 */
const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "50" },
    uploads: { type: "string", default: "30" },
    releases: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now()) },
  },
})
const removeTemporaryFolder = ownTemporaryFolder()
const [calls, uploads, releases, seed] = [
  ...[Number(values.calls), Number(values.uploads)],
  ...[Number(values.releases), Number(values.seed)],
] as [number, number, number, number]
console.log(`Seed ${seed}, ${calls + uploads + releases} kills.`)

async function* all() {
  if (calls > 0) yield* kills(await undisturbed(), calls, seed)
  if (uploads > 0) yield* publishKills(uploads, seed)
  if (releases > 0) yield* releaseKills(releases, seed)
}

let [survived, failed, faster] = [0, 0, 0]
for await (const kill of all()) {
  const { moment, exitCode, faults } = kill
  const cold = "cold" in kill && kill.cold
  const where = `${moment} ms${cold ? ", new store" : ""}, exit code ${exitCode}`
  console.log(
    [`${faults.length === 0 ? "ok" : "FAILED"}: ${where}`, ...faults].join(
      "\n  ",
    ),
  )
  if (faults.length === 0) survived++
  else failed++
  if (exitCode === 0) faster++
}
removeTemporaryFolder()
console.log(`${faster} calls were faster than their kill.`)
console.log(`${survived} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
