import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"

import { start } from "../e2e/start.js"
import type { MigrationCase } from "../fixtures/migrations.js"
import { root } from "../root.js"
import { uvPath } from "../servers/uv.js"
import {
  compareOutcomes,
  type Outcomes,
  readOutcomes,
  type TestsCompared,
} from "./outcomes.js"
import type { Succeed } from "./prove.js"

/** What `test` installs beside a wheel. */
interface Needs {
  extras: string[]
  groups: string[]
}

/** A project, and a wheel of it to test. */
interface Tested {
  source: string
  wheel: string
}

/** What pytest is told in every project. */
const ALWAYS = ["--continue-on-collection-errors", "-q"]

/** [dependency-groups] of a pyproject.toml, as it is written there. */
function groupsTable(folder: string): string {
  const text = readFileSync(join(folder, "pyproject.toml"), "utf8")
  const tables = text.split(/^(?=\[)/m)
  return tables.find((it) => it.startsWith("[dependency-groups]")) ?? ""
}

/** The old project, with the groups that its old backend alone could read. */
function withGroups(old: string, migrated: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), "old-")), "project")
  cpSync(old, copy, { recursive: true })
  if (groupsTable(copy) === "")
    appendFileSync(join(copy, "pyproject.toml"), `\n${groupsTable(migrated)}`)
  return copy
}

/**
 * The outcome of each of a project's tests, run against a wheel as `test` runs
 * them: by its own program, outside of the engine, which gives no file of a
 * call that fails.
 */
async function runTests(
  { source, wheel }: Tested,
  { extras, groups }: Needs,
  name: string,
  pytest: string[],
): Promise<Outcomes> {
  const work = join(tmpdir(), "tests")
  mkdirSync(work, { recursive: true })
  const program = join(root, "dagger/tools/run_tests.py")
  const flags = ["--python=3.11", `--source=${source}`, `--wheel=${wheel}`]
  flags.push(`--name=${name}`, `--extras=${extras.join(",")}`)
  flags.push(`--groups=${groups.join(",")}`)
  const results = join(work, "results.xml")
  rmSync(results, { force: true })
  const addopts = [...ALWAYS, `--junitxml=${results}`, ...pytest]
  const ended = await start("python3", ["-B", program, ...flags], {
    cwd: work,
    env: {
      ...process.env,
      PATH: `${dirname(uvPath())}${delimiter}${process.env.PATH}`,
      PYTEST_ADDOPTS: addopts.join(" "),
      // The same folder on both sides: ids may have it in them.
      TMPDIR: work,
      UV_CACHE_DIR: join(tmpdir(), "tests-cache/uv"),
    },
  }).ended
  if (!existsSync(results))
    throw new Error(`The tests did not run:\n${ended.stderr.slice(-2000)}`)
  return readOutcomes(readFileSync(results, "utf8"))
}

/**
 * How each of a project's tests fares before and after its migration, in
 * environments that have nothing but the wheel to tell them apart.
 *
 * @throws where none passes before: that would prove nothing
 */
export async function compareTests(
  name: string,
  before: Tested,
  after: Tested,
  succeed: Succeed,
  { pytest = [], group }: Pick<MigrationCase, "pytest" | "group">,
): Promise<TestsCompared> {
  // What the module itself installs: the tests' command is another one here.
  const flags = [`--source=${after.source}`, "--command=true"]
  if (group !== undefined) flags.push(`--groups=${group}`)
  const asked = await succeed(["test", ...flags, "--format=json"])
  const needs = JSON.parse(asked) as Needs
  const source = withGroups(before.source, after.source)
  const old = await runTests({ ...before, source }, needs, name, pytest)
  if (![...old.values()].includes(true))
    throw new Error(`None of ${old.size} tests passed before the migration.`)
  return compareOutcomes(old, await runTests(after, needs, name, pytest))
}
