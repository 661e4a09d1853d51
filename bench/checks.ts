import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { change, project } from "../test/fixtures/project.js"
import type { Repository } from "../test/fixtures/repository.js"
import { root } from "../test/root.js"
import { run } from "../test/servers/run.js"
import { uvPath } from "../test/servers/uv.js"
import { measure } from "./measure.js"
import { type Row, report } from "./report.js"

/**
 * The checks that guides have people run, against `verify` without the second
 * build, on one wheel and sdist of pluggy, made anew for each round.
 */
export interface ChecksBench {
  folder: string
  repository: Repository
  /** The interpreter, and an environment of it with the guides' tools. */
  python: string
  tools: string
  rows: [classic: Row, ours: Row]
}

/** Installs the tools, and warms both sides up. */
export async function prepareChecks(): Promise<ChecksBench> {
  const folder = mkdtempSync(join(tmpdir(), "bench-verify-"))
  const tools = join(folder, "tools")
  const repository = await project("pluggy", { commits: 1 })
  const python = (await run(uvPath(), ["python", "find", "3.11"])).trim()
  await run(python, ["-m", "venv", tools])
  await run(join(tools, "bin/python"), [
    ...["-m", "pip", "install", "--quiet"],
    ...["twine==7.0.0", "check-wheel-contents"],
  ])
  const classic: Row = { name: "twine, contents, venv, pip", rounds: [] }
  const ours: Row = { name: "./call verify --dist", rounds: [], ratioTarget: 1 }
  const rows: ChecksBench["rows"] = [classic, ours]
  const bench = { folder, repository, python, tools, rows }
  await measureBoth(bench)
  return bench
}

/** One round of both sides, in turns. */
export async function checksRound(bench: ChecksBench): Promise<void> {
  const measured = await measureBoth(bench)
  for (const [index, row] of bench.rows.entries())
    row.rounds.push(...measured.slice(index, index + 1))
}

/** The report of all rounds. */
export function checksReport({ rows }: ChecksBench): string {
  return report(rows, rows[0])
}

async function measureBoth(bench: ChecksBench) {
  const { folder, tools, python } = bench
  const env = environment()
  const dist = await built(bench)
  const guides = join(root, "bench/verify.sh")
  const guided = await measure(guides, [tools, python, dist], {
    ...{ cwd: folder, env },
  })
  const args = ["verify", `--dist=${dist}`, "--skip=reproducible"]
  const verified = await measure(join(root, "call"), args, { cwd: root, env })
  return [guided, verified]
}

/** A new version each round: neither side has seen the files before. */
async function built({ folder, repository }: ChecksBench): Promise<string> {
  // The fixture is the same in every run, and so would the bytes be.
  change(repository, `Built at ${Date.now()}`, "src/pluggy/_hooks.py")
  const dist = mkdtempSync(join(folder, "dist-"))
  const target = ["export", `--path=${dist}`]
  const build = ["build", `--source=${repository.path}`, ...target]
  await run(join(root, "call"), build, { cwd: root, env: environment() })
  return dist
}

/** This environment, without what would slow Python down in both. */
export function environment(): NodeJS.ProcessEnv {
  const { PYTHONDONTWRITEBYTECODE: _, ...rest } = process.env
  return rest
}
