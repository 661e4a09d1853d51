import { readdirSync, readFileSync } from "node:fs"

const pageSize = 4096

/** Watches the memory of a process and of all that it starts. */
export interface MemoryWatch {
  /** Stops watching and gives the highest sum of resident memory, in MiB. */
  stop(): number
}

/**
 * Samples, every 50 ms, the resident memory of a process tree from /proc. The
 * sum counts shared pages once for each process, so it is an upper bound. A
 * process whose parent ended is still counted if it was seen before.
 */
export function watchMemory(pid: number): MemoryWatch {
  const seen = new Map<number, string>()
  let peak = 0
  const sample = () => {
    collect(pid, seen)
    let bytes = 0
    for (const [process, started] of seen) {
      if (startTime(process) === started) bytes += resident(process)
      else seen.delete(process)
    }
    peak = Math.max(peak, bytes)
  }
  sample()
  const timer = setInterval(sample, 50)
  return {
    stop: () => {
      clearInterval(timer)
      return peak / 1024 / 1024
    },
  }
}

/** Adds a process and its descendants, each with its start time. */
function collect(pid: number, into: Map<number, string>): void {
  const started = startTime(pid)
  if (started === undefined) return
  into.set(pid, started)
  for (const child of children(pid)) collect(child, into)
}

function children(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      read(`/proc/${pid}/task/${thread}/children`)
        .split(" ")
        .filter((child) => child !== "")
        .map(Number),
    )
  } catch {
    return []
  }
}

/** Field 22 of /proc/PID/stat; tells a process from a later one of its id. */
function startTime(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]
}

function resident(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * pageSize
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return "" // The process ended meanwhile.
  }
}
