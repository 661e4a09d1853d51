import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { start } from "../e2e/start.js"
import { run } from "../servers/run.js"
import { uvPath } from "../servers/uv.js"
import { unpack } from "../unpack.js"
import type { Succeed } from "./prove.js"

/** What `test --format=json` prints, as far as it is compared. */
interface TestReport {
  extras: string[]
  groups: string[]
  runs: { tests?: number; failed?: number; skipped?: number }[]
}

/** pytest as `test` runs it, with its counts where `test` looks for them. */
const PYTEST = "python -m pytest --junit-xml=/tmp/pypi-deploy-tests.xml"

/** How tests went before and after a migration. */
export interface TestCounts {
  before: number
  after: number
}

interface Counts {
  tests: number
  failed: number
  skipped: number
}

function junitCounts(xml: string): Counts {
  const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0] ?? ""
  const count = (name: string): number =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0)
  const failed = count("failures") + count("errors")
  return { tests: count("tests"), failed, skipped: count("skipped") }
}

/**
 * The project's tests before its migration, against the original wheel, in a
 * plain environment of uv's: the module cannot test a project whose version is
 * in a place it does not read.
 */
async function testBefore(
  source: string,
  wheel: string,
  after: string,
  { extras, groups }: TestReport,
  pytest: string[],
): Promise<Counts> {
  const work = mkdtempSync(join(tmpdir(), "tests-before-"))
  const environment = join(work, "environment")
  const copy = join(work, "copy")
  cpSync(source, copy, { recursive: true })
  const tops = [...(await unpack(wheel)).keys()].map((path) =>
    path.split("/").at(0),
  )
  // As in `test`: what is installed is tested, not what lies beside it.
  for (const top of new Set(["src", ...tops]))
    rmSync(join(copy, String(top)), { recursive: true, force: true })
  const uv = uvPath()
  await run(uv, ["venv", "--quiet", "--python=3.11", environment])
  const wanted = extras.length > 0 ? `${wheel}[${extras.join(",")}]` : wheel
  const flags = groups.map(
    (it) => `--group=${join(after, "pyproject.toml")}:${it}`,
  )
  const python = join(environment, "bin/python")
  const install = ["pip", "install", "--quiet", `--python=${python}`]
  await run(uv, [...install, wanted, "pytest", ...flags])
  const results = join(work, "results.xml")
  const command = ["-m", "pytest", `--junit-xml=${results}`]
  command.push("-p", "no:cacheprovider", "-q", ...pytest)
  const inside = tops.length > 0 && !hasTests(copy)
  if (inside) command.push("--pyargs", String(tops[0]))
  await start(python, command, {
    cwd: copy,
    env: { ...process.env, PATH: `${environment}/bin:${process.env.PATH}` },
  }).ended
  return junitCounts(readFileSync(results, "utf8"))
}

function hasTests(folder: string): boolean {
  const found = readdirSync(folder, { recursive: true }) as string[]
  return found.some((name) => /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(name))
}

/**
 * How many tests pass before a migration, and after it by `test`.
 *
 * @throws where `test` says that they do not pass
 */
export async function testCounts(
  source: string,
  wheel: string,
  after: string,
  succeed: Succeed,
  pytest: string[] = [],
): Promise<TestCounts> {
  const flags = [`--source=${after}`, "--format=json"]
  if (pytest.length > 0)
    flags.push(`--command=${[PYTEST, ...pytest].join(" ")}`)
  const report = JSON.parse(await succeed(["test", ...flags])) as TestReport
  const passed = ({ tests = 0, failed = 0, skipped = 0 }: Partial<Counts>) =>
    tests - failed - skipped
  const before = await testBefore(source, wheel, after, report, pytest)
  return { before: passed(before), after: passed(report.runs[0] ?? {}) }
}
