import { spawn } from "node:child_process"
import { mkdirSync, readFileSync, rmSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

/**
 * The program behind `npm test`: every check in order, then one line with the
 * counts of the test runners themselves. A stage that fails does not hide the
 * stages after it.
 */
interface Stage {
  name: string
  command: string[]
  /** Where its runner leaves its counts. */
  counts?: () => Counts
}

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
const reports = path.join(project, ".call", "reports")
const vitestReport = path.join(reports, "vitest.json")
const pytestReport = path.join(reports, "pytest.xml")
const python = [
  path.join(project, ".call/uv/bin/uv"),
  "run",
  "--quiet",
  "--frozen",
  "--project=dagger/tools",
  "--all-groups",
]

const TOOLS = ["dagger/tools", "test/unit/tools"]

const STAGES: Stage[] = [
  { name: "format and lint", command: ["npx", "biome", "ci", "."] },
  { name: "types of engine and tests", command: ["npx", "tsc", "-p", "."] },
  { name: "types of the module", command: ["npx", "tsc", "-p", "dagger"] },
  {
    name: "format of the tools",
    command: [...python, "ruff", "format", "--check", ...TOOLS],
  },
  {
    name: "lint of the tools",
    command: [...python, "ruff", "check", ...TOOLS],
  },
  {
    name: "tests of the tools",
    command: [
      ...[...python, "pytest", "-q", "-rs", "-p", "no:cacheprovider"],
      ...["-c", "dagger/tools/pyproject.toml", "--rootdir=."],
      ...[`--junitxml=${pytestReport}`, "test/unit/tools"],
    ],
    counts: () => junitCounts(readFileSync(pytestReport, "utf8")),
  },
  {
    name: "unit and end-to-end tests, with coverage",
    command: [
      ...["npx", "vitest", "run", "--project=unit", "--project=e2e"],
      ...["--coverage", "--reporter=default"],
      ...["--reporter=json", `--outputFile.json=${vitestReport}`],
    ],
    counts: () => vitestCounts(readFileSync(vitestReport, "utf8")),
  },
]

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const total: Counts = { passed: 0, failed: 0, skipped: 0 }
const failures: string[] = []
for (const stage of STAGES) {
  console.log(`\n== ${stage.name}`)
  if ((await run(stage.command)) !== 0) {
    failures.push(stage.name)
  }
  if (stage.counts) {
    add(total, stage.counts())
  }
}
// A stage without tests of its own counts when it fails: the closing line must
// not read as if all was well.
total.failed = Math.max(total.failed, failures.length)
console.log(
  failures.length > 0 ? `\nFailed: ${failures.join("; ")}.` : "\nAll is well.",
)
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ""
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
process.exitCode = failures.length > 0 ? 1 : 0

function run([command = "", ...args]: string[]): Promise<number> {
  const environment = {
    ...process.env,
    PATH: `${path.join(project, ".call/uv/bin")}:${process.env.PATH}`,
    UV_PROJECT_ENVIRONMENT: path.join(project, ".call", "tools"),
    // The module's folder is its cache key: tests leave nothing in it.
    PYTHONDONTWRITEBYTECODE: "1",
    RUFF_NO_CACHE: "true",
  }
  const child = spawn(command, args, {
    cwd: project,
    env: environment,
    stdio: "inherit",
  })
  return new Promise((resolve) => {
    child.once("error", () => resolve(127))
    child.once("exit", (code) => resolve(code ?? 1))
  })
}

function vitestCounts(json: string): Counts {
  const report = JSON.parse(json) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
  }
}

function junitCounts(xml: string): Counts {
  const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0] ?? ""
  const count = (name: string): number =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0)
  const failed = count("failures") + count("errors")
  const skipped = count("skipped")
  return { passed: count("tests") - failed - skipped, failed, skipped }
}

function add(total: Counts, counts: Counts): void {
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}
