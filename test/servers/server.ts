import { spawn } from "node:child_process"
import { createWriteStream, mkdtempSync, readFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** A server process that a test started. */
export interface Server {
  url: string
  port: number
  pid: number
  /** What it printed so far. */
  log(): string
  /** Ends the server and every process it started. */
  stop(): Promise<void>
}

export interface ServerCommand {
  command: string
  args: string[]
  port: number
  /** A path that answers below 500 once the server is ready. */
  health: string
  env?: NodeJS.ProcessEnv
}

/**
 * A port that nothing listens on. Random, below those that Linux hands out by
 * itself (from 32,768) and the pipeline takes for a rehearsal (from 20,000):
 * until somebody listens on it, nobody else comes by it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000)
    const probe = createServer()
    const free = await new Promise<boolean>((resolve) =>
      probe
        .once("error", () => resolve(false))
        .listen(port, () => {
          probe.close(() => resolve(true))
        }),
    )
    if (free) return port
  }
}

/**
 * Starts a server in a process group of its own and waits until it answers,
 * for at most a minute. Throws with its log when it ends before that.
 */
export async function startServer(what: ServerCommand): Promise<Server> {
  const logFile = join(mkdtempSync(join(tmpdir(), "server-")), "log")
  const sink = createWriteStream(logFile)
  const child = spawn(what.command, what.args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...what.env },
  })
  child.stdout.pipe(sink, { end: false })
  child.stderr.pipe(sink, { end: false })
  let failure: string | undefined
  child.once("error", (error) => {
    failure = error.message
  })
  const ended = new Promise<void>((resolve) =>
    child.once("exit", () => resolve()),
  )
  const url = `http://127.0.0.1:${what.port}`
  const log = () => readFileSync(logFile, "utf8")

  const stop = async () => {
    signalGroup(child.pid, "SIGTERM")
    const gone = await Promise.race([
      ended.then(() => true),
      sleep(5000, false),
    ])
    signalGroup(child.pid, "SIGKILL")
    if (!gone) await ended
    sink.end()
  }

  for (const end = Date.now() + 60_000; ; await sleep(50)) {
    if (failure !== undefined || child.exitCode !== null)
      throw new Error(`${what.command} did not start: ${failure ?? log()}`)
    if (await answers(url + what.health)) break
    if (Date.now() > end) {
      await stop()
      throw new Error(`${what.command} gave no answer in a minute: ${log()}`)
    }
  }
  return { url, port: what.port, pid: child.pid as number, log, stop }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (
      (await fetch(url, { signal: AbortSignal.timeout(2000) })).status < 500
    )
  } catch {
    return false
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // The whole group is gone already.
  }
}
