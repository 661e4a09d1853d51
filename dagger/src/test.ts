import { readAbout } from "./about.js"
import { base, pythonVersion, SOURCE, withTools } from "./container.js"
import { type DistFolder, wheelOf } from "./dist.js"
import type { Page } from "./page.js"
import {
  PYPROJECT,
  type TestRequirements,
  testRequirements,
} from "./requirements.js"
import { type Source, withSource } from "./source.js"
import { ask } from "./tool.js"

export const TEST_SCHEMA = "pypi-deploy/test/1"

/** What to test with. */
export interface TestOptions extends TestRequirements {
  /** Interpreters, such as 3.10; none for the one that builds. */
  pythons: string[]
  /** The command that runs the tests; empty for pytest. */
  command: string
}

/** The tests on one interpreter, as tools/run_tests.py prints them. */
export interface TestRun {
  python: string
  command: string
  /** Counts are missing where the command is not pytest. */
  tests?: number
  failed?: number
  skipped?: number
  /** Tests that failed as they are marked to. */
  xfailed?: number
  /** The last lines that a command other than pytest printed. */
  output?: string[]
}

export interface TestReport {
  schema: typeof TEST_SCHEMA
  project: string
  version: string
  wheel: { name: string; sha256: string }
  extras: string[]
  groups: string[]
  runs: TestRun[]
}

const TOOLS = ["run_tests.py", "count_tests.py", "environment.py", "layout.py"]

function runTests(
  source: Source,
  dist: DistFolder,
  needs: TestRequirements,
  python: string,
  command: string,
): Promise<TestRun> {
  const { name } = wheelOf(dist)
  // Nothing but the wheel: its neighbours' bytes shall not run tests again.
  const container = base(python)
    .with(withTools(...TOOLS))
    .with(withSource(source))
    .withMountedFile(`/dist/${name}`, dist.directory.file(name))
  const folder = source.path === "." ? SOURCE : `${SOURCE}/${source.path}`
  return ask<TestRun>(container, `The tests on Python ${python}`, [
    ...["python", "/tools/run_tests.py", "--python", python],
    ...["--source", folder, "--wheel", `/dist/${name}`],
    ...["--name", source.project.name, "--extras", needs.extras.join(",")],
    ...["--groups", needs.groups.join(","), "--command", command],
  ])
}

/**
 * Runs the project's tests against the wheel, on each interpreter, in
 * parallel.
 *
 * @throws where they do not pass, with what every failed interpreter wrote
 */
export async function testDist(
  source: Source,
  dist: DistFolder,
  options: TestOptions,
): Promise<TestReport> {
  const { name, sha256 } = wheelOf(dist)
  const { extras, groups, dynamicExtras } = source.project
  const named = dynamicExtras
    ? { extras: (await readAbout(dist.directory)).extras, from: "the wheel" }
    : { extras, from: PYPROJECT }
  const needs = testRequirements({ ...named, groups }, options)
  const pythons = [
    ...new Set(
      options.pythons.map((python) => pythonVersion(python, "--pythons")),
    ),
  ]
  const settled = await Promise.allSettled(
    pythons.map((python) =>
      runTests(source, dist, needs, python, options.command),
    ),
  )
  const failed = settled.flatMap((run) =>
    run.status === "rejected" ? [run.reason as Error] : [],
  )
  if (failed.length > 0) {
    throw new Error(failed.map((error) => error.message).join("\n\n"))
  }
  return {
    schema: TEST_SCHEMA,
    project: source.project.name,
    version: dist.manifest.version,
    wheel: { name, sha256 },
    ...needs,
    runs: settled.flatMap((run) =>
      run.status === "fulfilled" ? [run.value] : [],
    ),
  }
}

/** What a run came to, in words: `124 passed, 2 skipped`. */
export function outcome(run: TestRun): string {
  const { tests, failed = 0, skipped = 0, xfailed = 0 } = run
  if (tests === undefined) return "passed"
  const some = skipped > 0 ? `, ${skipped} skipped` : ""
  const meant = xfailed > 0 ? `, ${xfailed} xfailed` : ""
  return `${tests - failed - skipped - xfailed} passed${some}${meant}`
}

/** What is worth reading of a run: another command's words, or a doubt. */
function remarks({ python, tests, skipped, output = [] }: TestRun): string[] {
  return tests !== undefined && tests === skipped
    ? [`Every test was skipped on Python ${python}, so nothing was tested.`]
    : output
}

/** The report for people. */
export function testPage(report: TestReport): Page {
  const needs = [
    ...report.extras.map((extra) => `extra ${extra}`),
    ...report.groups.map((group) => `group ${group}`),
  ]
  return {
    title: `${report.project} ${report.version}: tests passed`,
    facts: [
      ["wheel", report.wheel.name],
      ["sha256", report.wheel.sha256],
      ["with", needs.join(", ") || "no extra, no group"],
    ],
    tables: [
      [
        ["python", "outcome", "command"],
        ...report.runs.map((run) => [run.python, outcome(run), run.command]),
      ],
    ],
    notes: report.runs.flatMap(remarks),
  }
}
