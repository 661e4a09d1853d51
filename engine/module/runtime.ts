import { writeFileSync } from "node:fs"
import { text } from "node:stream/consumers"
import { parentPort } from "node:worker_threads"
import { connection } from "@dagger.io/dagger"
import type { Answer, ExecFailure, Failure } from "./answer.js"
import type { ModuleDefinition } from "./definitions.js"
import { invoke, type ModuleCall } from "./invoke.js"
import type { ModuleExports } from "./state.js"

/** What a module's thread is told: the session, and what to call there. */
export interface Told {
  environment: Record<string, string>
  call: ModuleCall
}

/**
 * The program of a module: runs one call against its session, answers, ends.
 * As a thread it is told both by message; as a process it has the session in
 * its environment, reads the call from stdin, and answers in a file.
 */
export async function serve(
  module: ModuleExports,
  definition: ModuleDefinition,
): Promise<void> {
  parentPort?.once("message", async ({ environment, call }: Told) => {
    Object.assign(process.env, environment)
    parentPort?.postMessage(await run(module, definition, call))
  })
  const [, , file] = process.argv
  if (parentPort === null && file !== undefined) {
    // Node.js would print the line that threw: in a bundle, the whole module.
    process.on("uncaughtException", (error) => {
      console.error(`Error: ${describe(error).message}`)
      process.exit(1)
    })
    const call = JSON.parse(await text(process.stdin)) as ModuleCall
    const answer = await run(module, definition, call)
    writeFileSync(file, `${JSON.stringify(answer)}\n`)
  }
}

/** Calls the function inside a session of the SDK; never rejects. */
export async function run(
  module: ModuleExports,
  definition: ModuleDefinition,
  call: ModuleCall,
): Promise<Answer> {
  let value: unknown
  try {
    await connection(async () => {
      value = await invoke(module, definition, call)
    })
    return { value: value ?? null }
  } catch (error) {
    return { error: describe(error) }
  }
}

function describe(error: unknown): Failure {
  if (!(error instanceof Error)) {
    return { message: String(error) }
  }
  const { message, stack } = error
  return "exitCode" in error
    ? { message, stack, exec: execFailure(error as Error & ExecFailure) }
    : { message, stack }
}

function execFailure(error: ExecFailure): ExecFailure {
  const { cmd, exitCode, stdout, stderr } = error
  return { cmd, exitCode, stdout, stderr }
}
