import { EngineError } from "../errors.js"
import type { Failure } from "../module/answer.js"
import { UsageError } from "./usage.js"

/** Exit codes: the pipeline said no; the call was wrong. */
export const REFUSED = 1
export const WRONG_CALL = 2

/** What went wrong inside the module's function. */
export class FunctionError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

/** Lines of a failed command's output that are shown. */
const LAST_LINES = 20

/** What stderr gets for an error, and the exit code. */
export function explain(
  error: unknown,
  debug: boolean,
): { text: string; code: number } {
  const code = error instanceof UsageError ? WRONG_CALL : REFUSED
  if (error instanceof FunctionError) {
    return { text: explainFunction(error.failure, debug), code }
  }
  const expected = error instanceof UsageError || error instanceof EngineError
  const { message, stack } = toError(error)
  if (debug) {
    return { text: `Error: ${stack ?? message}\n`, code }
  }
  const hint = expected ? "" : "\nRun it with --debug for where it happened."
  return { text: `Error: ${message}${hint}\n`, code }
}

function explainFunction(failure: Failure, debug: boolean): string {
  const { message, stack, exec } = failure
  const lines = [`Error: ${debug ? (stack ?? message) : message}`]
  if (exec) {
    lines.push(`Command: ${exec.cmd.join(" ")} (exit code ${exec.exitCode})`)
    lines.push(...lastLines(exec.stderr || exec.stdout))
  }
  return `${lines.join("\n")}\n`
}

function lastLines(output: string): string[] {
  const lines = output.trimEnd().split("\n").filter(Boolean)
  return lines.slice(-LAST_LINES).map((line) => `  ${line}`)
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
