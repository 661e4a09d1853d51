import { spawn } from "node:child_process"

import { watchMemory } from "./memory.js"

/** One run of a command: how long it took and what its process tree held. */
export interface Measurement {
  seconds: number
  mebibytes: number
}

/**
 * Runs a command, measured from its start to its end. Throws with what it
 * printed when it fails: a failed run is no measurement.
 */
export function measure(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint()
    const child = spawn(command, args, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
    })
    const output: Buffer[] = []
    child.stdout.on("data", (data: Buffer) => output.push(data))
    child.stderr.on("data", (data: Buffer) => output.push(data))
    child.once("error", reject)
    const memory = watchMemory(child.pid ?? 0)
    child.once("close", (code) => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9
      const mebibytes = memory.stop()
      if (code === 0) resolve({ seconds, mebibytes })
      else
        reject(
          new Error(
            `${command} ${args.join(" ")} ended with ${code}:\n${Buffer.concat(output)}`,
          ),
        )
    })
  })
}
