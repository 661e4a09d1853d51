import { type ChildProcess, spawn } from "node:child_process"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { ANSWER_DESCRIPTOR, type Answer } from "./answer.js"
import type { FunctionCall } from "./invoke.js"

/** A module's process, started before its call is known. */
export interface ModuleProcess {
  call(call: FunctionCall): Promise<Answer>
  stop(): void
}

/**
 * Starts a module's process. It sees the session and nothing else of the
 * caller's environment, as in the Dagger engine's module container.
 *
 * @param output Told what the module prints, as it comes.
 */
export function startModule(
  runtime: string,
  session: { port: number; token: string },
  output: (text: string, stream: "stdout" | "stderr") => void,
): ModuleProcess {
  const child = spawn(process.execPath, [runtime], {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: {
      DAGGER_SESSION_PORT: String(session.port),
      DAGGER_SESSION_TOKEN: session.token,
    },
  })
  for (const stream of ["stdout", "stderr"] as const) {
    const listen = (text: string): void => output(text, stream)
    child[stream]?.setEncoding("utf8").on("data", listen)
  }
  return {
    call: (call) => callModule(child, call),
    stop: () => void child.kill("SIGKILL"),
  }
}

async function callModule(
  child: ChildProcess,
  call: FunctionCall,
): Promise<Answer> {
  const answer = text(child.stdio[ANSWER_DESCRIPTOR] as Readable)
  const exit = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message))
    child.once("exit", (code, signal) => resolve(`${signal ?? code}`))
  })
  child.stdin?.on("error", () => {})
  child.stdin?.end(JSON.stringify(call))
  const line = await answer
  if (line !== "") {
    return JSON.parse(line) as Answer
  }
  const status = await exit
  return { error: { message: `The module's process ended (${status}).` } }
}
