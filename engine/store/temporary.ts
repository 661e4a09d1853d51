import { randomBytes } from "node:crypto"
import { readdir, readFile, readlink, stat } from "node:fs/promises"
import path from "node:path"
import { hasCode } from "../errors.js"
import { forceRemove } from "./remove.js"

/**
 * A process: pids are used again, a pid with its start time is not. They say
 * something only in the pid namespace that they were read in.
 */
export interface Owner {
  pid: number
  start: string
  namespace: string
}

/** The name of a folder that belongs to this process. */
export async function temporaryName(): Promise<string> {
  const start = await startTime(process.pid)
  const random = randomBytes(4).toString("hex")
  return [process.pid, start, await pidNamespace(), random].join(".")
}

/** The owner that a folder's name tells of, or nothing. */
export function parseOwner(name: string): Owner | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\./.exec(name)
  if (match === null) {
    return undefined
  }
  const [, pid = "", start = "", namespace = ""] = match
  return { pid: Number(pid), start, namespace }
}

const DAY = 24 * 60 * 60 * 1000

/**
 * Whether the call that a folder belongs to still runs. One in another
 * container cannot be seen from here: it counts as running for a day.
 */
async function isInUse(folder: string, name: string): Promise<boolean> {
  const owner = parseOwner(name)
  if (owner === undefined) {
    return false
  }
  if (owner.namespace === (await pidNamespace())) {
    return (await startTime(owner.pid)) === owner.start
  }
  const made = await stat(path.join(folder, name)).catch(() => undefined)
  return made !== undefined && Date.now() - made.mtimeMs < DAY
}

/**
 * When a process started, in clock ticks since the machine did.
 *
 * @returns `undefined` when there is no such process, or it has ended
 */
export async function startTime(pid: number): Promise<string | undefined> {
  try {
    return parseStartTime(await readFile(`/proc/${pid}/stat`, "utf8"))
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH")) {
      return undefined
    }
    throw error
  }
}

/**
 * Field 22 of /proc/PID/stat (proc(5)). The name in field 2 may hold spaces
 * and parentheses; a zombie has ended.
 */
export function parseStartTime(text: string): string | undefined {
  const [state, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ")
  return state === "Z" || state === "X" ? undefined : rest[18]
}

/** Removes what calls that are no more left in `tmp/`. */
export async function removeLeftovers(folder: string): Promise<void> {
  const { left } = await sortByUse(folder)
  await Promise.all(left.map((name) => forceRemove(path.join(folder, name))))
}

/** The folders of calls that still run. */
export async function foldersInUse(folder: string): Promise<string[]> {
  return (await sortByUse(folder)).used
}

async function sortByUse(
  folder: string,
): Promise<{ used: string[]; left: string[] }> {
  const names = await readdir(folder)
  const inUse = await Promise.all(names.map((name) => isInUse(folder, name)))
  return {
    used: names.filter((_, index) => inUse[index]),
    left: names.filter((_, index) => !inUse[index]),
  }
}

async function pidNamespace(): Promise<string> {
  const link = await readlink("/proc/self/ns/pid")
  return link.replace(/\D/g, "")
}
