import { execFile } from "node:child_process"
import { promisify } from "node:util"

export interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
}

/**
 * Runs a command to its end and gives its stdout. Throws with the command and
 * its whole stderr, or else stdout, when it fails.
 */
export async function run(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      ...options,
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  } catch (error) {
    const { code, stderr, stdout, message } = error as {
      code?: number | string
      stderr?: string
      stdout?: string
      message: string
    }
    throw new Error(
      `${command} ${args.join(" ")} failed (${code ?? "?"}):\n${stderr || stdout || message}`,
    )
  }
}
