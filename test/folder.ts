import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { refused } from "./e2e/refused.js"
import { root } from "./root.js"

/**
 * `npm run test:folder [FILES]`: the end-to-end suite in folder isolation, by
 * an ordinary user: root becomes one. Its last line counts what passed, and of
 * that, how often a promise is refused that only namespaces can keep.
 */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { assertionResults: { title: string; status: string }[] }[]
}

const home = mkdtempSync(join(tmpdir(), "ordinary-user-"))
const report = join(home, "report.json")
const suite = [
  ...["npx", "vitest", "run", "--project=e2e", "--reporter=default"],
  ...["--reporter=json", `--outputFile.json=${report}`],
  ...process.argv.slice(2),
]
const asUser = process.getuid?.() === 0
const [command = "", ...args] = asUser
  ? [join(root, "test/ordinary-user.sh"), home, ...suite]
  : suite
const { status } = spawnSync(command, args, {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PYPI_DEPLOY_ISOLATION: "folder" },
})
const { testResults, ...counts } = JSON.parse(
  readFileSync(report, "utf8"),
) as Report
const said = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ title, status }) => status === "passed" && refused(title))
console.log(`${said.length} of them refuse, in words, what folders cannot do.`)
console.log(
  `${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${counts.numPendingTests} skipped`,
)
rmSync(home, { recursive: true, force: true })
process.exitCode = status ?? 1
