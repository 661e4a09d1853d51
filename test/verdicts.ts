import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { isDeepStrictEqual, parseArgs } from "node:util"

import { start } from "./e2e/start.js"
import { root } from "./root.js"
import { downloadedRelease } from "./verdicts/download.js"
import { releases } from "./verdicts/releases.js"
import {
  SKIPPED,
  type Verdict,
  verdictOf,
  verdictOfFailure,
} from "./verdicts/verdict.js"

/**
 * `node "$(engine/prepare.sh test/verdicts.ts)"`: what `verify` says of twenty
 * real releases, against what it said before (verdicts/verdicts.json). Exits
 * with 1 where a verdict changed; `--update` writes the new ones instead.
 */
const { values, positionals } = parseArgs({
  options: { update: { type: "boolean", default: false } },
  allowPositionals: true,
})
const path = join(root, "test/verdicts/verdicts.json")
const known = JSON.parse(readFileSync(path, "utf8")) as Record<string, Verdict>
const names = positionals.length > 0 ? positionals : Object.keys(releases)

async function verdict(name: string): Promise<Verdict> {
  const folder = await downloadedRelease(name)
  const args = ["verify", `--dist=${folder}`, `--skip=${SKIPPED.join(",")}`]
  const { exitCode, stdout, stderr } = await start(
    join(root, "call"),
    [...args, "--format=json"],
    { cwd: root },
  ).ended
  rmSync(folder, { recursive: true })
  return exitCode === 0
    ? verdictOf(JSON.parse(stdout).checks)
    : verdictOfFailure(stderr)
}

let changed = 0
for (const name of names) {
  const found = await verdict(name)
  const same = isDeepStrictEqual(found, known[name])
  const problems = Object.values(found).filter((it) => it.problems).length
  console.log(
    `${name}: ${problems === 0 ? "passed" : `${problems} checks failed`}${same ? "" : ", CHANGED"}`,
  )
  if (!same && !values.update) console.log(JSON.stringify(found, null, 2))
  if (!same) changed += 1
  known[name] = found
}
if (values.update) writeFileSync(path, `${JSON.stringify(known, null, 2)}\n`)
console.log(`${names.length} verdicts, ${changed} changed`)
process.exitCode = changed > 0 && !values.update ? 1 : 0
