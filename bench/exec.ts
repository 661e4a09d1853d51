import { spawn } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { startSession } from "../engine/session.js"
import { uvPath } from "../test/servers/uv.js"

const image = "ghcr.io/astral-sh/uv:0.13.8-python3.11-bookworm"

/**
 * What the engine adds to a command: seconds of `withExec(["true"])` minus
 * seconds of `true` itself, taken in turns. Every exec has another environment
 * variable, so that none comes from the cache. The store is a new one.
 */
export async function execOverhead(rounds: number): Promise<number[]> {
  const session = await startSession({
    store: mkdtempSync(join(tmpdir(), "bench-store-")),
    uv: uvPath(),
  })
  const exec = async (round: number) => {
    const { errors } = await session.query(`{
      container { from(address: "${image}") {
        withEnvVariable(name: "ROUND", value: "${round}") {
          withExec(args: ["true"]) { sync }
        }
      } }
    }`)
    if (errors) throw new Error(errors[0]?.message)
  }
  try {
    await exec(-1)
    const differences: number[] = []
    for (let round = 0; round < rounds; round++) {
      const bare = await seconds(spawnTrue)
      differences.push((await seconds(() => exec(round))) - bare)
    }
    return differences
  } finally {
    await session.close()
  }
}

async function seconds(action: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint()
  await action()
  return Number(process.hrtime.bigint() - start) / 1e9
}

function spawnTrue(): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn("true")
      .once("error", reject)
      .once("exit", () => resolve())
  })
}
