import { type ChildProcess, spawn } from "node:child_process"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import type { Session } from "../session.js"
import { ANSWER_DESCRIPTOR, type Answer } from "./answer.js"
import type { ModuleCall } from "./invoke.js"

/** A module's process, which answers one call. */
export interface ModuleProcess {
  call(call: ModuleCall): Promise<Answer>
  stop(): void
}

/** Takes what a module prints, as it comes. */
export type TakeOutput = (text: string, stream: "stdout" | "stderr") => void

/** What a module's process is told of its session. */
type Asks = Pick<Session, "port" | "moduleToken">

/**
 * Starts the process of this repository's own module, before its call is
 * known. It sees the session and nothing else of the caller's environment.
 */
export function startModule(
  runtime: string,
  session: Asks,
  output: TakeOutput,
): ModuleProcess {
  const child = spawn(process.execPath, [runtime], {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: environment(session),
  })
  for (const stream of ["stdout", "stderr"] as const) {
    const take = (text: string): void => output(text, stream)
    child[stream]?.setEncoding("utf8").on("data", take)
  }
  return {
    call: (call) => callModule(child, call),
    stop: () => void child.kill("SIGKILL"),
  }
}

/**
 * The process of a module that somebody else wrote: it runs as commands do,
 * and sees none of this machine's files.
 */
export function startOtherModule(
  runtime: string,
  session: Asks & Pick<Session, "confined">,
  output: TakeOutput,
): ModuleProcess {
  let stop = (): void => {}
  return {
    stop: () => stop(),
    async call(call) {
      const running = session.confined({
        file: runtime,
        stdin: JSON.stringify(call),
        environment: environment(session),
        output: (text) => output(text, "stderr"),
      })
      stop = running.kill
      const { text: line, exitCode } = await running.answer
      return read(line, String(exitCode))
    },
  }
}

function environment({ port, moduleToken }: Asks): Record<string, string> {
  return {
    DAGGER_SESSION_PORT: String(port),
    DAGGER_SESSION_TOKEN: moduleToken,
  }
}

async function callModule(
  child: ChildProcess,
  call: ModuleCall,
): Promise<Answer> {
  const answer = text(child.stdio[ANSWER_DESCRIPTOR] as Readable)
  const exit = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message))
    child.once("exit", (code, signal) => resolve(`${signal ?? code}`))
  })
  child.stdin?.on("error", () => {})
  child.stdin?.end(JSON.stringify(call))
  const line = await answer
  return line === "" ? read(line, await exit) : read(line, "")
}

function read(line: string, status: string): Answer {
  return line === ""
    ? { error: { message: `The module's process ended (${status}).` } }
    : (JSON.parse(line) as Answer)
}
