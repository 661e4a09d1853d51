import { parseArgs } from "node:util"

import { tryHistories } from "./histories/run.js"

/**
 * The program behind `npm run histories`: generated repositories, and the
 * versions that their commits get. `--histories=1000`, `--seed=N` to repeat.
 */
const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
})
const [histories, seed] = [Number(values.histories), Number(values.seed)]
const half = Math.ceil(histories / 2)
console.log(`${histories} histories, --seed=${seed}`)
const started = Date.now()
const [rising, agreement] = await Promise.all([
  tryHistories("rising", { histories: half, seed }),
  tryHistories("agreement", { histories: histories - half, seed }),
])
console.log(
  `${rising.histories} of any kind: ${rising.commits} dev versions, all new, each higher than the last; ${rising.releases} release tags, each its own version.`,
)
console.log(
  `${agreement.histories} orderly ones: ${agreement.agreed} commits where setuptools-scm alone never repeats or falls, and agrees; ${agreement.mended} where it does.`,
)
console.log(`${((Date.now() - started) / 1000).toFixed(0)} s`)
