import { type SpawnOptions, spawn } from "node:child_process"
import { EventEmitter } from "node:events"
import { join } from "node:path"

import { root } from "../root.js"

/** How a call ended, and all that it printed. */
export interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

/** A call that runs as a process of its own. */
export interface Running {
  pid: number
  /** Resolves when it and everything that holds its output has ended. */
  ended: Promise<Outcome>
  /** Resolves when stderr has such a text; rejects when the call ends first. */
  said(text: RegExp): Promise<void>
  /** Sends a signal to the process alone, as `kill` does. */
  signal(name: NodeJS.Signals): void
  /** Sends a signal to all it started too, as a terminal's Ctrl-C does. */
  signalGroup(name: NodeJS.Signals): void
}

/** What a shell shows for a process that a signal ended. */
const exitCodes: Partial<Record<NodeJS.Signals, number>> = {
  SIGINT: 130,
  SIGKILL: 137,
  SIGTERM: 143,
}

/** Starts a command in a process group of its own. */
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
  const heard = new EventEmitter()
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (data: string) => {
      text[name] += data
      heard.emit(name)
    })
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) =>
      resolve({
        exitCode: code ?? exitCodes[signal ?? "SIGHUP"] ?? 129,
        ...text,
      }),
    )
  })
  const pid = child.pid ?? 0
  return {
    pid,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(text.stderr) && resolve()
        heard.on("stderr", look)
        look()
        ended.then(
          () => reject(new Error(`${pattern} was never said:\n${text.stderr}`)),
          reject,
        )
      }),
    signal: (name) => void child.kill(name),
    signalGroup: (name) => void process.kill(-pid, name),
  }
}

export interface StartCallOptions {
  /** The cache folder ($XDG_CACHE_HOME): the store is in it. */
  cache: string
  /** Variables besides this process's own. */
  environment?: Record<string, string>
  /** Default: the repository's root. */
  cwd?: string
}

/** Starts the real `./call` on the embedded engine. */
export function startCall(args: string[], options: StartCallOptions): Running {
  return start(join(root, "call"), args, {
    cwd: options.cwd ?? root,
    env: {
      ...process.env,
      ...options.environment,
      XDG_CACHE_HOME: options.cache,
    },
  })
}
