import { spawn } from "node:child_process"

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>
}

/**
 * Locks a file for this machine. A process of its own holds the lock, and goes
 * when this one does, however it does: a kill frees it.
 *
 * @param wait whether to wait while somebody else has it
 * @returns nothing when somebody else has it and `wait` is false
 */
export async function lockFile(
  file: string,
  wait: boolean,
): Promise<Lock | undefined> {
  const child = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "--", "flock", "--no-fork"],
      ...(wait ? [] : ["--nonblock"]),
      ...[file, "sh", "-c", "echo locked; read -r _"],
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  )
  const end = new Promise<void>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", () => resolve())
  })
  const locked = await Promise.race([
    new Promise<true>((resolve) =>
      child.stdout.once("data", () => resolve(true)),
    ),
    end.then(() => false),
  ])
  if (!locked) {
    return undefined
  }
  return {
    async release() {
      child.stdin.end()
      await end
    },
  }
}
