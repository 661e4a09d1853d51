import { parseArgs } from "node:util"

import { kills, undisturbed } from "./e2e/kills.js"
import { releaseKills } from "./e2e/release-kills.js"
import { ownTemporaryFolder } from "./temporary.js"

/**
 * `npm run kill`: SIGKILL at random moments of `./call publish`, 50 of them
 * unless `--count=N`, or with `--release` of `./call release`. `--seed=N` has
 * the same moments once more.
 */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now()) },
    release: { type: "boolean", default: false },
  },
})
const removeTemporaryFolder = ownTemporaryFolder()
console.log(`Seed ${values.seed}, ${values.count} kills.`)
let [survived, failed, faster] = [0, 0, 0]
const [count, seed] = [Number(values.count), Number(values.seed)]
for await (const kill of values.release
  ? releaseKills(count, seed)
  : kills(await undisturbed(), count, seed)) {
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
