/** Something that the engine cannot do, said to a person: a sentence. */
export class EngineError extends Error {
  override readonly name = "EngineError"
}

/**
 * A command that ended with an exit code that was not expected. The shape of
 * `extensions` is the API's: the SDK makes its `ExecError` of it.
 */
export class ExecFailure extends Error {
  override readonly name = "ExecFailure"
  readonly extensions: {
    _type: "EXEC_ERROR"
    cmd: string[]
    exitCode: number
    stdout: string
    stderr: string
  }

  constructor(
    cmd: string[],
    exitCode: number,
    output: { stdout: string; stderr: string },
    message = `The command ${quoteCommand(cmd)} failed with exit code ${exitCode}.`,
  ) {
    super(message)
    this.extensions = { _type: "EXEC_ERROR", cmd, exitCode, ...output }
  }
}

/** A command line as one would type it: `sh -c 'exit 1'`. */
export function quoteCommand(command: readonly string[]): string {
  return command
    .map((word) =>
      /^[\w@%+=:,./-]+$/.test(word)
        ? word
        : `'${word.replaceAll("'", "'\\''")}'`,
    )
    .join(" ")
}

const SYSTEM_ERRORS: Record<string, (path: string) => string> = {
  ENOSPC: (path) => `There is no space left on the disk${at(path)}.`,
  EDQUOT: (path) => `The disk quota is used up${at(path)}.`,
  EACCES: (path) => `Permission to use ${path || "a file"} is denied.`,
  EPERM: (path) => `Permission to use ${path || "a file"} is denied.`,
  EROFS: (path) => `The file system${at(path)} is read-only.`,
  E2BIG: () =>
    "A command line is too long for Linux: pass long texts in files.",
  EMFILE: () => "There are too many open files: raise the limit (ulimit -n).",
}

/**
 * What went wrong as a sentence: errors of the system by their code, anything
 * else as it is.
 */
export function explain(error: unknown): Error {
  if (!(error instanceof Error)) {
    return new EngineError(String(error))
  }
  const { code, path, dest } = error as NodeJS.ErrnoException & {
    dest?: string
  }
  const full = code === "ENOSPC" || code === "EDQUOT" || code === "EROFS"
  const place = (full ? dest : undefined) ?? path ?? ""
  const sentence = SYSTEM_ERRORS[code ?? ""]?.(place)
  return sentence === undefined
    ? error
    : new EngineError(sentence, { cause: error })
}

/** Whether a file system call failed with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException)?.code ?? "")
}

function at(path: string): string {
  return path === "" ? "" : ` at ${path}`
}
