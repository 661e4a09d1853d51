import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"

import { change, project } from "../test/fixtures/project.js"
import { root } from "../test/root.js"
import { run } from "../test/servers/run.js"
import { uvPath } from "../test/servers/uv.js"
import { measure } from "./measure.js"
import { type Row, report } from "./report.js"

/**
 * `node "$(engine/prepare.sh bench/verify.ts)"`: the checks that guides have
 * people run, against `verify` without the second build, on one wheel and
 * sdist of pluggy, made anew for each round. `--rounds=N`.
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" } },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds is ${values.rounds}, but takes a number from 1.`)

const { PYTHONDONTWRITEBYTECODE: _, ...env } = process.env
const folder = mkdtempSync(join(tmpdir(), "bench-verify-"))
const tools = join(folder, "tools")
const repository = await project("pluggy", { commits: 1 })
const python = (await run(uvPath(), ["python", "find", "3.11"])).trim()
await run(python, ["-m", "venv", tools])
await run(join(tools, "bin/python"), [
  ...["-m", "pip", "install", "--quiet"],
  ...["twine==7.0.0", "check-wheel-contents"],
])

/** A new version each round: neither side has seen the files before. */
async function built(round: number): Promise<string> {
  // The fixture is the same in every run, and so would the bytes be.
  const message = `Round ${round} at ${Date.now()}`
  change(repository, message, "src/pluggy/_hooks.py")
  const dist = join(folder, `dist-${round}`)
  const target = ["export", `--path=${dist}`]
  const build = ["build", `--source=${repository.path}`, ...target]
  await run(join(root, "call"), build, { cwd: root, env })
  return dist
}

const classic: Row = { name: "twine, contents, venv, pip", rounds: [] }
const ours: Row = { name: "./call verify --dist", rounds: [], ratioTarget: 1 }
const both = async (dist: string) => {
  const guided = await measure(
    join(root, "bench/verify.sh"),
    [tools, python, dist],
    { cwd: folder, env },
  )
  const args = ["verify", `--dist=${dist}`, "--skip=reproducible"]
  const verified = await measure(join(root, "call"), args, { cwd: root, env })
  return [guided, verified] as const
}

await both(await built(0))
for (let round = 1; round <= rounds; round++) {
  const [guided, verified] = await both(await built(round))
  classic.rounds.push(guided)
  ours.rounds.push(verified)
}
console.log(report([classic, ours], classic))
