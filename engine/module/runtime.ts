import { writeFileSync } from "node:fs"
import { text } from "node:stream/consumers"
import { connection } from "@dagger.io/dagger"
import {
  ANSWER_DESCRIPTOR,
  type Answer,
  type ExecFailure,
  type Failure,
} from "./answer.js"
import type { ModuleDefinition } from "./definitions.js"
import { invoke, type ModuleCall } from "./invoke.js"
import type { ModuleExports } from "./state.js"

/**
 * The program of a module's process: reads one call from stdin, runs it
 * against the session in the environment, answers, ends.
 */
export async function serve(
  module: ModuleExports,
  definition: ModuleDefinition,
): Promise<void> {
  const call = JSON.parse(await text(process.stdin)) as ModuleCall
  // A confined process has no descriptors of ours: it is told a file.
  answer(await run(module, definition, call), process.argv[2])
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

function answer(message: Answer, file?: string): void {
  writeFileSync(file ?? ANSWER_DESCRIPTOR, `${JSON.stringify(message)}\n`)
}
