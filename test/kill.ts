import { parseArgs } from "node:util"

import { kills, undisturbed } from "./e2e/kills.js"
import { ownTemporaryFolder } from "./temporary.js"

/**
 * `npm run kill`: SIGKILL at random moments of `./call publish`, 50 of them
 * unless `--count=N`. `--seed=N` has the same moments once more.
 */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now()) },
  },
})
const removeTemporaryFolder = ownTemporaryFolder()
console.log(`Seed ${values.seed}, ${values.count} kills.`)
let [survived, failed, faster] = [0, 0, 0]
for await (const kill of kills(
  await undisturbed(),
  Number(values.count),
  Number(values.seed),
)) {
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
