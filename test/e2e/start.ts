import { type SpawnOptions, spawn } from "node:child_process"

import type { Outcome } from "./call.js"

/** A call that runs as a process of its own. */
export interface Running {
  pid: number
  /** Sends a signal to the process alone, as `kill` does. */
  signal(name: NodeJS.Signals): void
  /** Resolves when it and everything that holds its output has ended. */
  ended: Promise<Outcome>
}

/** Starts a command in a session of its own; 128 + N stands for signal N. */
export function start(
  command: string,
  args: string[],
  options: SpawnOptions,
): Running {
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const text = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (data: string) => {
      text[name] += data
    })
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) =>
      resolve({
        exitCode: code ?? (signal === "SIGKILL" ? 137 : 130),
        ...text,
      }),
    )
  })
  return {
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    ended,
  }
}
