import { EngineError, quoteCommand } from "../errors.js"
import type { Failure } from "../module/answer.js"
import { UsageError } from "./usage.js"

/** Exit codes: the pipeline said no; the call was wrong. */
export const REFUSED = 1
export const WRONG_CALL = 2

/** What went wrong inside a function, of the module or of the API. */
export class FunctionError extends Error {
  constructor(
    readonly failure: Failure,
    /** What was called, e.g. `build export`. */
    readonly step = "",
  ) {
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
    return { text: explainFunction(error, debug), code }
  }
  const expected = error instanceof UsageError || error instanceof EngineError
  const { message, stack } = toError(error)
  if (debug) {
    return { text: `Error: ${stack}\n`, code }
  }
  const hint = expected ? "" : "\nRun it with --debug for where it happened."
  return { text: `Error: ${message}${hint}\n`, code }
}

function explainFunction(error: FunctionError, debug: boolean): string {
  const { message, stack, exec } = error.failure
  const lines = [`Error: ${debug ? (stack ?? message) : message}`]
  if (error.step !== "") {
    lines.push(`Step: ${error.step}`)
  }
  if (exec) {
    const { cmd, exitCode, stdout, stderr } = exec
    lines.push(
      `Command: ${quoteCommand(cmd)} (exit code ${exitCode})`,
      ...lastLines(stderr || stdout),
    )
    if (!debug) {
      lines.push("Run it with --debug for all that commands print.")
    }
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
