import { Worker } from "node:worker_threads"
import type { Session } from "../session.js"
import type { Answer } from "./answer.js"
import type { ModuleCall } from "./invoke.js"
import type { Told } from "./runtime.js"

/** A module's thread or process, which answers one call. */
export interface ModuleProcess {
  call(call: ModuleCall): Promise<Answer>
  stop(): void
}

/** Takes what a module prints, as it comes. */
export type TakeOutput = (text: string, stream: "stdout" | "stderr") => void

/** What a module's process is told of its session. */
type Asks = Pick<Session, "port" | "moduleToken">

/**
 * Starts this repository's own module, before its session is there: a thread,
 * which is there sooner than a process. It sees nothing of the caller's
 * environment.
 */
export function startModule(
  runtime: string,
  session: Promise<Asks>,
  output: TakeOutput,
): ModuleProcess {
  const worker = new Worker(runtime, { env: {}, stdout: true, stderr: true })
  for (const stream of ["stdout", "stderr"] as const) {
    worker[stream]
      .setEncoding("utf8")
      .on("data", (text: string) => output(text, stream))
  }
  // What goes wrong before it is called is told to its caller.
  const ended = endOf(worker)
  return {
    stop: () => void worker.terminate(),
    async call(call) {
      const told: Told = { environment: environment(await session), call }
      worker.postMessage(told)
      return ended
    },
  }
}

/** The thread's answer, when it has ended and said all that it has to say. */
function endOf(worker: Worker): Promise<Answer> {
  let answer: Answer | undefined
  return new Promise((resolve) => {
    worker.once("message", (message: Answer) => {
      answer = message
    })
    worker.once("error", (error) => resolve(ended(error.message)))
    worker.once("exit", (code) => resolve(answer ?? ended(String(code))))
  })
}

/**
 * The process of a module that somebody else wrote: it runs as commands do,
 * and sees none of this machine's files.
 */
export function startOtherModule(
  runtime: string,
  session: Promise<Asks & Pick<Session, "confined">>,
  output: TakeOutput,
): ModuleProcess {
  let stop = (): void => {}
  return {
    stop: () => stop(),
    async call(call) {
      const asked = await session
      const running = asked.confined({
        file: runtime,
        stdin: JSON.stringify(call),
        environment: environment(asked),
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

function read(line: string, status: string): Answer {
  return line === "" ? ended(status) : (JSON.parse(line) as Answer)
}

function ended(status: string): Answer {
  return { error: { message: `The module's process ended (${status}).` } }
}
