/** What the runtime answers. */
export type Answer = { value: unknown } | { error: Failure }

/** A function's error: its message, and the failed command if one failed. */
export interface Failure {
  message: string
  stack?: string
  exec?: ExecFailure
}

/** The part of the SDK's ExecError that the command line shows. */
export interface ExecFailure {
  cmd: string[]
  exitCode: number
  stdout: string
  stderr: string
}
