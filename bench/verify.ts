import { parseArgs } from "node:util"

import { checksReport, checksRound, prepareChecks } from "./checks.js"

/**
 * `node "$(engine/prepare.sh bench/verify.ts)"`: the part of `npm run bench`
 * that is about `verify`, alone. `--rounds=N`.
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" } },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds is ${values.rounds}, but takes a number from 1.`)

const bench = await prepareChecks()
for (let round = 1; round <= rounds; round++) await checksRound(bench)
console.log(checksReport(bench))
