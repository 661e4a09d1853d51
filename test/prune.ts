import { mkdtempSync, readdirSync, utimesSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"

import { startSession } from "../engine/session.js"
import { prune } from "../engine/store/prune.js"
import { startCall } from "./e2e/start.js"
import { change, project } from "./fixtures/project.js"
import { run } from "./servers/run.js"
import { uvPath } from "./servers/uv.js"
import { ownTemporaryFolder } from "./temporary.js"

/**
 * `npm run prune`: a store of 10 GB (`--gigabytes=N`), really on disk, pruned
 * by age and then by size, again and again, while calls run in it. Each call
 * gives what it gave before, and nothing that one has used is lost.
 */
const { values } = parseArgs({
  options: { gigabytes: { type: "string", default: "10" } },
})
const IMAGE = "ghcr.io/astral-sh/uv:0.13.8-python3.11-bookworm"
const LAYER = 250e6
const DAY = 24 * 60 * 60
const layers = Math.ceil((Number(values.gigabytes) * 1e9) / LAYER)
const removeTemporaryFolder = ownTemporaryFolder()
const cache = mkdtempSync(join(tmpdir(), "prune-"))
const store = join(cache, "pypi-deploy")
const repository = await project("greeter", { commits: 1 })

const stdout = (script: string) => `{ container { from(address: "${IMAGE}") {
  withExec(args: ["sh", "-c", ${JSON.stringify(script)}]) { stdout } } } }`
const fill = (index: number) =>
  stdout(`head -c ${LAYER} /dev/zero > /layer; echo ${index}`)

async function withSession<T>(
  use: (query: (document: string) => Promise<string>) => Promise<T>,
): Promise<T> {
  const session = await startSession({ store, uv: uvPath() })
  try {
    return await use(async (document) =>
      JSON.stringify(await session.query(document)),
    )
  } finally {
    await session.close()
  }
}

async function gigabytes(): Promise<string> {
  const [size] = (await run("du", ["-s", "--block-size=1M", store])).split("\t")
  return `${(Number(size) / 1000).toFixed(2)} GB`
}

function age(share: number): void {
  const then = Date.now() / 1000 - 30 * DAY
  for (const folder of ["records", "layers"]) {
    const names = readdirSync(join(store, folder)).sort()
    for (const name of names.slice(0, Math.floor(names.length * share)))
      utimesSync(join(store, folder, name), then, then)
  }
}

const failures: string[] = []
let calls = 0
let stopped = false

/** Calls one after the other: a cached answer, then one on a new commit. */
async function callAgain(): Promise<void> {
  for (let number = 0; !stopped; number++) {
    const args = ["--silent", "version", `--source=${repository.path}`]
    const { exitCode, stdout, stderr } = await startCall(args, { cache }).ended
    calls++
    if (exitCode !== 0 || !/^1\.0\.1\.dev\d+\n$/.test(stdout))
      failures.push(`call ${number}: ${exitCode}\n${stdout}${stderr}`)
    if (number % 3 === 2) change(repository, `Change ${number}`)
  }
}

await withSession(async (query) => {
  for (let index = 0; index < layers; index++) await query(fill(index))
})
console.log(`The store has ${layers} layers: ${await gigabytes()}.`)
age(0.4)
const calling = callAgain()
// This one has used the oldest and the newest layer before anything is pruned.
await withSession(async (query) => {
  const kept = [0, layers - 1]
  for (const index of kept) await query(fill(index))
  const look = (index: number) =>
    query(
      fill(index).replace(
        "{ stdout }",
        `{ file(path: "/layer") { size } withExec(args: ["sh", "-c", "wc -c < /layer; : ${calls}"]) { stdout } }`,
      ),
    )
  const byAge = startCall(["--prune"], { cache })
  const { exitCode, stdout } = await byAge.ended
  if (exitCode !== 0) failures.push(`--prune: ${exitCode}`)
  console.log(`By age:  ${stdout.trim()} It has ${await gigabytes()}.`)
  for (let part = 4; part >= 1; part--) {
    const maxBytes = (Number(values.gigabytes) * 1e9 * part) / 10
    const said = await prune({ store, maxBytes })
    console.log(`By size: ${said} It has ${await gigabytes()}.`)
  }
  for (const index of kept) {
    const answer = await look(index)
    const size = `"size":${LAYER}`
    if (!answer.includes(size) || !answer.includes(`"stdout":"${LAYER}\\n"`))
      failures.push(`layer ${index}: ${answer}`)
  }
})
const said = await prune({ store, olderThanDays: 0, maxBytes: 0 })
console.log(`All:     ${said} It has ${await gigabytes()}.`)
const before = calls
while (calls < before + 4 && failures.length === 0)
  await new Promise((resolve) => setTimeout(resolve, 100))
stopped = true
await calling
for (const failure of failures) console.log(`FAILED: ${failure}`)
removeTemporaryFolder()
console.log(`${calls} calls meanwhile.`)
console.log(`${calls - failures.length} passed, ${failures.length} failed`)
process.exitCode = failures.length === 0 ? 0 : 1
