import type { Container } from "@dagger.io/dagger"

/** How many lines of a failed command's output an error repeats. */
const TAIL = 15

/** The last lines of some output, indented, without empty ones at the end. */
export function lastLines(output: string, count: number = TAIL): string {
  const lines = output.trimEnd().split("\n").slice(-count)
  return lines.map((line) => `    ${line}`).join("\n")
}

/** The sentence that a tool printed as {"error": SENTENCE}, if it did. */
function sentence(stdout: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(stdout)
    const { error } = (answer ?? {}) as { error?: unknown }
    return typeof error === "string" ? error : undefined
  } catch {
    return undefined
  }
}

/**
 * What people read of a failed command: the tool's own sentence, or which step
 * failed with which exit code, and the last lines of what it wrote.
 */
export function explain(what: string, failed: FailedExec): Error {
  const said =
    sentence(failed.stdout) ?? `${what} failed (exit code ${failed.exitCode}).`
  const output = failed.stderr.trim()
  return new Error(
    output === ""
      ? said
      : `${said}\nThe last lines of its output:\n${lastLines(output)}`,
  )
}

/** What the SDK says of a command that failed. */
export interface FailedExec {
  exitCode: number
  stdout: string
  stderr: string
}

/**
 * Whether an error is the SDK's ExecError, told by its fields: a module's own
 * copy of the SDK does not export the class.
 */
export function isFailedExec(error: unknown): error is FailedExec {
  const { exitCode, stdout, stderr } = (error ?? {}) as Partial<FailedExec>
  return (
    typeof exitCode === "number" &&
    typeof stdout === "string" &&
    typeof stderr === "string"
  )
}

/** Waits for a command; a failure becomes a sentence. */
export async function explained<Result>(
  what: string,
  result: Promise<Result>,
): Promise<Result> {
  try {
    return await result
  } catch (error) {
    // Not by `expect: ANY`: that exec would count as done, and be cached.
    throw isFailedExec(error) ? explain(what, error) : error
  }
}

/**
 * Runs a command that prints one JSON value, and gives that value.
 *
 * @param question - what it reads on stdin, sent as JSON
 */
export async function ask<Answer>(
  container: Container,
  what: string,
  command: string[],
  question?: unknown,
): Promise<Answer> {
  const stdin = question === undefined ? undefined : JSON.stringify(question)
  const output = container.withExec(command, { stdin }).stdout()
  return JSON.parse(await explained(what, output)) as Answer
}
