import { parseArgs } from "node:util"

import { soak } from "./soak/run.js"
import { complaints, summary } from "./soak/summary.js"
import { ownTemporaryFolder } from "./temporary.js"

/**
 * `npm run soak`: deployments of different versions to an index, through
 * faults at a fifth of all requests. `--deployments=N --parallel=N --seed=N`;
 * `--only=N` has one of a seed's deployments once more.
 */
const { values } = parseArgs({
  options: {
    deployments: { type: "string", default: "1000" },
    parallel: { type: "string", default: "4" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rate: { type: "string", default: "0.2" },
    only: { type: "string" },
  },
})
const removeTemporaryFolder = ownTemporaryFolder()
const options = {
  deployments: Number(values.deployments),
  seed: Number(values.seed),
  parallel: Number(values.parallel),
  rate: Number(values.rate),
  only: values.only === undefined ? undefined : Number(values.only),
}
console.log(`Seed ${options.seed}, ${options.deployments} deployments.`)
const all = []
for await (const deployment of soak(options)) {
  all.push(deployment)
  const wrong = complaints(deployment)
  if (wrong.length > 0 || options.only !== undefined)
    console.log(
      `Deployment ${deployment.number}: ${wrong.join("; ")}\n${JSON.stringify(deployment.faults)}\n${deployment.stderr}`,
    )
  if (all.length % 50 === 0) console.log(`${all.length} done.`)
}
removeTemporaryFolder()
const { lines, passed } = summary(all)
console.log(lines.join("\n"))
console.log(`${passed ? 1 : 0} passed, ${passed ? 0 : 1} failed`)
process.exitCode = passed ? 0 : 1
