import { parseArgs } from "node:util"

import { kills, undisturbed } from "./e2e/kills.js"
import { publishKills } from "./e2e/publish-kills.js"
import { ownTemporaryFolder } from "./temporary.js"

/**
 * `npm run kill`: SIGKILL at random moments of `./call publish`, 50 of them
 * unless `--count=N`; then 30 of `publish --dist` to an index that keeps what
 * it got, unless `--publishes=N`. `--seed=N` has the same moments once more.
 */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "50" },
    publishes: { type: "string", default: "30" },
    seed: { type: "string", default: String(Date.now()) },
  },
})
const removeTemporaryFolder = ownTemporaryFolder()
const [count, publishes] = [Number(values.count), Number(values.publishes)]
const seed = Number(values.seed)
console.log(`Seed ${seed}, ${count + publishes} kills.`)

async function* all() {
  if (count > 0) yield* kills(await undisturbed(), count, seed)
  if (publishes > 0) yield* publishKills(publishes, seed)
}

let [survived, failed, faster] = [0, 0, 0]
for await (const kill of all()) {
  const { moment, cold, exitCode, faults } = kill
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
