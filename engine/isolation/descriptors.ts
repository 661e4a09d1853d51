import { closeSync, openSync, readdirSync, readFileSync } from "node:fs"

type Stdio = ("pipe" | "ignore" | number)[]

/**
 * Calls `start` with what to give spawn() as `stdio`, so that the program
 * inherits nothing else of what is open here. Node.js leaves open what others
 * opened for this process, say a shell's `9<file`, and cannot close it for a
 * child only: there, /dev/null is in its place.
 */
export function withOnly<T>(stdio: Stdio, start: (stdio: Stdio) => T): T {
  known ??= inherited()
  const others = known.filter((one) => one >= stdio.length)
  if (others.length === 0) {
    return start(stdio)
  }
  const nothing = openSync("/dev/null", "r+")
  try {
    const length = Math.max(...others) + 1
    return start(
      Array.from(
        { length },
        (_, one) => stdio[one] ?? (others.includes(one) ? nothing : "ignore"),
      ),
    )
  } finally {
    closeSync(nothing)
  }
}

// What this process opens itself is for it alone: they become no more.
let known: number[] | undefined

/** O_CLOEXEC, as fdinfo has it: proc_pid_fdinfo(5). */
const CLOSE_ON_EXEC = 0o2000000

/** The descriptors that a program started now would have, too. */
function inherited(): number[] {
  return readdirSync("/proc/self/fd")
    .map(Number)
    .filter((one) => {
      try {
        const info = readFileSync(`/proc/self/fdinfo/${one}`, "utf8")
        const flags = Number.parseInt(
          /^flags:\s*(\d+)/m.exec(info)?.[1] ?? "",
          8,
        )
        return (flags & CLOSE_ON_EXEC) === 0
      } catch {
        // It was closed meanwhile, as the one that lists them.
        return false
      }
    })
}
