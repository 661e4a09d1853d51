/** The exit codes that an exec may end with. */
export type Expect = "SUCCESS" | "FAILURE" | "ANY"

/**
 * Whether an exit code is one that was expected. 128 to 191 mean that a signal
 * ended the command: that is never expected (core/container.go, ReturnCodes).
 *
 * @example isExpected("ANY", 3) // true
 */
export function isExpected(expect: Expect, exitCode: number): boolean {
  const bySignal = exitCode >= 128 && exitCode <= 191
  const allowed: Record<Expect, boolean> = {
    SUCCESS: exitCode === 0,
    FAILURE: exitCode !== 0 && !bySignal,
    ANY: !bySignal,
  }
  return allowed[expect]
}
