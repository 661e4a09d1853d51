import { randomBytes } from "node:crypto"
import { mkdirSync, readdirSync } from "node:fs"
import { availableParallelism, loadavg } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"

import { makeDist, makeWheel } from "../test/fixtures/distribution.js"
import { ownTemporaryFolder } from "../test/temporary.js"
import { type Row, report } from "./report.js"
import {
  confirm,
  ours,
  prepareUploaders,
  type Release,
  twine,
  uv,
} from "./uploaders.js"

/**
 * `npm run bench:upload`: the uploader alone against uv and twine, in turns
 * within one run, and the confirmation that follows. `--rounds=N`.
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" } },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds is ${values.rounds}, but takes a number from 1.`)

const MEGABYTE = 1000 * 1000
/** What one run's peak differs from the next one's, with the same files. */
const SAME_MEMORY = 1.1

const removeTemporaryFolder = ownTemporaryFolder()
const bench = await prepareUploaders()

/** Wheels of one release, of different bytes: an index wants no name twice. */
function release(project: string, wheels: number, bytes: number): Release {
  const folder = join(bench.folder, project)
  mkdirSync(folder)
  const files = Array.from({ length: wheels }, (_, number) =>
    makeWheel(folder, {
      ...{ name: project, version: "1.0", ballast: randomBytes(bytes) },
      tag: `cp${310 + number}-none-any`,
    }),
  )
  return { project, files }
}

/** A release with its manifest, uploaded: then only to be confirmed. */
async function published(version: string): Promise<string> {
  const dist = await makeDist({ name: "proven", version })
  const names = readdirSync(dist).filter((it) => /\.(whl|gz)$/.test(it))
  const files = names.map((it) => join(dist, it))
  await ours(bench, { project: "proven", files })
  return dist
}

const many = release("many", 16, 1000)
const large = release("large", 4, 60 * MEGABYTE)
const small = release("small", 4, MEGABYTE)
const row = (name: string, targets: Partial<Row> = {}): Row => ({
  ...{ name, rounds: [], ...targets },
})
const slowly = {
  uv: row("uv publish, 16 files, 1 s each"),
  ours: row("tools/upload.py", { ratioTarget: 0.35 }),
}
const heavily = {
  twine: row("twine upload, 4 x 60 MB"),
  uv: row("uv publish"),
  ours: row("tools/upload.py", { ratioTarget: 1.1 }),
  small: row("tools/upload.py, 4 x 1 MB"),
}
const after = row("./call confirm", { secondsTarget: 3 })

async function round(number: number) {
  bench.index.switches.thinking = 1
  slowly.uv.rounds.push(await uv(bench, many))
  slowly.ours.rounds.push(await ours(bench, many))
  bench.index.switches.thinking = 0
  const turns = Object.entries({ twine, uv, ours } as const)
  // Each is first once: the disk still writes what the one before uploaded.
  const first = number % turns.length
  for (const [name, upload] of [
    ...turns.slice(first),
    ...turns.slice(0, first),
  ])
    heavily[name as "twine" | "uv" | "ours"].rounds.push(
      await upload(bench, large),
    )
  heavily.small.rounds.push(await ours(bench, small))
  after.rounds.push(await confirm(bench, await published(`1.${number}`)))
}

try {
  console.log(`${availableParallelism()} cores, Node.js ${process.version}.`)
  console.log(`Warming up, then ${rounds} rounds of about a minute.`)
  for (const upload of [twine, uv, ours]) await upload(bench, small)
  await confirm(bench, await published("1.0"))
  for (let number = 1; number <= rounds; number++) {
    await round(number)
    const load = loadavg()[0]?.toFixed(1)
    console.log(`Round ${number} of ${rounds} done (load ${load}).`)
  }
} finally {
  await bench.index.stop()
}

const peak = Math.max(...heavily.small.rounds.map((it) => it.mebibytes))
heavily.ours.memoryTarget = Math.ceil(peak * SAME_MEMORY)
const faster = row("the faster of both")
faster.rounds = heavily.twine.rounds.map((it, number) => {
  const other = heavily.uv.rounds[number]
  return other && other.seconds < it.seconds ? other : it
})
console.log(`\n${report(Object.values(slowly), slowly.uv, "uv")}`)
console.log(`\n${report(Object.values(heavily), faster, "the faster")}`)
console.log(`\n${report([after], after, "itself")}`)
removeTemporaryFolder()
