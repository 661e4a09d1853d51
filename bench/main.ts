import { availableParallelism, loadavg } from "node:os"
import { parseArgs } from "node:util"

import { change, project } from "../test/fixtures/project.js"
import { startPypiserver } from "../test/servers/pypiserver.js"
import { ownTemporaryFolder } from "../test/temporary.js"
import { checksReport, checksRound, prepareChecks } from "./checks.js"
import { execOverhead } from "./exec.js"
import { type Row, report } from "./report.js"
import { spread } from "./statistics.js"
import { type Bench, classic, help, publish, version } from "./workflows.js"

/**
 * `npm run bench`: the classic release workflow against this project's, on
 * pluggy with its tests, in turns within one run, both warm. `--rounds=N`.
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" } },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds is ${values.rounds}, but takes a number from 1.`)

const removeTemporaryFolder = ownTemporaryFolder()
const bench: Bench = {
  repository: await project("pluggy", { commits: 1 }),
  classicIndex: await startPypiserver(),
  ourIndex: await startPypiserver(),
}
type Name =
  | "classic"
  | "commit"
  | "unchanged"
  | "version"
  | "versionAgain"
  | "help"
const table: Record<Name, Row> = {
  classic: { name: "classic workflow", rounds: [] },
  commit: {
    name: "./call publish, new commit",
    rounds: [],
    ratioTarget: 0.35,
    memoryTarget: 600,
  },
  unchanged: {
    name: "./call publish, nothing changed",
    rounds: [],
    ratioTarget: 0.1,
  },
  version: {
    name: "./call version, new commit",
    rounds: [],
    secondsTarget: 1.5,
  },
  versionAgain: {
    name: "./call version, nothing changed",
    rounds: [],
    secondsTarget: 0.6,
  },
  help: { name: "./call --help", rounds: [], secondsTarget: 0.4 },
}

let verified = ""
const newCommit = (message: string) =>
  change(bench.repository, message, "src/pluggy/_hooks.py")

try {
  console.log(
    `pluggy on ${availableParallelism()} cores, Node.js ${process.version}.`,
  )
  console.log(`Warming up, then ${rounds} rounds of about 50 seconds.`)
  await classic(bench)
  await publish(bench)
  const checks = await prepareChecks()
  for (let round = 1; round <= rounds; round++) {
    // Each on a commit of its own: publish would find what version left.
    newCommit(`Version ${round}`)
    table.version.rounds.push(await version(bench))
    table.versionAgain.rounds.push(await version(bench))
    table.help.rounds.push(await help())
    newCommit(`Round ${round}`)
    table.classic.rounds.push(await classic(bench))
    table.commit.rounds.push(await publish(bench))
    table.unchanged.rounds.push(await publish(bench))
    await checksRound(checks)
    const load = loadavg()[0]?.toFixed(1)
    console.log(`Round ${round} of ${rounds} done (load ${load}).`)
  }
  verified = checksReport(checks)
} finally {
  await bench.classicIndex.stop()
  await bench.ourIndex.stop()
}
console.log(`\n${report(Object.values(table), table.classic)}`)
console.log(`\n${verified}`)

const overhead = spread(await execOverhead(20))
const milliseconds = [overhead.minimum, overhead.median, overhead.maximum]
console.log(
  `\nAn exec over the bare command, ms: ${milliseconds
    .map((seconds) => (seconds * 1000).toFixed(0))
    .join(" / ")} (minimum, median, maximum of 20; at most 50)`,
)
removeTemporaryFolder()
