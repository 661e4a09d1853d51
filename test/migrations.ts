import { join } from "node:path"
import { parseArgs } from "node:util"

import { start } from "./e2e/start.js"
import { migrations } from "./fixtures/migrations.js"
import { type Proof, prove } from "./migrations/prove.js"
import { root } from "./root.js"
import { ownTemporaryFolder } from "./temporary.js"

/**
 * `npm run migrations [NAME…]`: every real project of fixtures/migrations.ts,
 * migrated, its wheel compared with the original one, each of its tests run
 * before and after. Exits with 1 where a migration fails, leaves a difference
 * that its report does not list, or loses a test that passed.
 */
const { positionals } = parseArgs({ allowPositionals: true })
const names = positionals.length > 0 ? positionals : Object.keys(migrations)
const removeTemporaryFolder = ownTemporaryFolder()

/** `./call ARGS`, as people run it. */
async function succeed(args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await start(
    join(root, "call"),
    [...args, "--silent"],
    { cwd: root },
  ).ended
  if (exitCode !== 0) throw new Error(stderr)
  return stdout
}

function verdict({ unlisted, tests }: Proof): string[] {
  return [
    ...unlisted.map((item) => `not listed: ${item}`),
    ...(tests?.lost ?? []).map((id) => `passes no more: ${id}`),
  ]
}

const columns = [18, 11, 6, 7, 7, 8, 8]
const line = (cells: string[]): string =>
  cells.map((cell, index) => cell.padEnd(columns[index] ?? 0)).join(" ")

console.log(
  line([
    ...["project", "from", "files", "passed", "others"],
    ...["seconds", "verdict"],
  ]),
)
let failed = 0
for (const name of names) {
  const row = migrations[name]
  if (row === undefined) throw new Error(`There is no ${name} here.`)
  try {
    const proof = await prove(name, row, succeed)
    const problems = verdict(proof)
    if (problems.length > 0) failed += 1
    const { report, tests, seconds } = proof
    const ran = [tests?.passed ?? "none", tests?.others ?? ""].map(String)
    const cells = [name, String(report.from), String(report.compared.wheel)]
    const last = problems.length > 0 ? problems.join("; ") : "the same"
    console.log(line([...cells, ...ran, seconds.toFixed(1), last]))
  } catch (error) {
    failed += 1
    console.log(line([name, row.backend, "", "", "", "", `FAILED: ${error}`]))
  }
}
removeTemporaryFolder()
console.log(`${names.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
