import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import { join } from "node:path"

/** The ids of all processes of this machine. */
export function processes(): number[] {
  return readdirSync("/proc").map(Number).filter(Number.isInteger)
}

/** The arguments of a process, joined by spaces; empty when it has ended. */
export function argumentsOf(pid: number): string {
  return readProc(pid, "cmdline").replaceAll("\0", " ").trim()
}

/**
 * Processes that still have to do with a folder: it is in their arguments,
 * environment, mounts, working folder or open files. Each as `PID ARGUMENTS`.
 */
export function processesUsing(folder: string): string[] {
  return processes()
    .filter((pid) => pid !== process.pid && uses(pid, folder))
    .map((pid) => `${pid} ${argumentsOf(pid)}`)
}

function uses(pid: number, folder: string): boolean {
  const texts = ["cmdline", "environ", "mountinfo"]
  return (
    texts.some((file) => readProc(pid, file).includes(folder)) ||
    ["cwd", "root"].some((link) => readLink(pid, link).includes(folder)) ||
    openFiles(pid).some((target) => target.includes(folder))
  )
}

/** Mounts below a folder in this process's own mount namespace. */
export function mountsBelow(folder: string): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(folder))
}

/** The files below a folder whose name or bytes contain any of some texts. */
export function filesContaining(folder: string, ...texts: string[]): string[] {
  const needles = texts.map((text) => Buffer.from(text))
  const named = (name: string) => texts.some((text) => name.includes(text))
  const holds = (path: string) => {
    const bytes = readFileSync(path)
    return needles.some((needle) => bytes.includes(needle))
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => {
      const path = join(entry.path, entry.name)
      if (named(path)) return true
      if (entry.isSymbolicLink()) return named(readlinkSync(path))
      return entry.isFile() && holds(path)
    })
    .map((entry) => join(entry.path, entry.name))
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(pid, `fd/${fd}`))
  } catch {
    return []
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch {
    return "" // It ended, or it is another user's.
  }
}

function readLink(pid: number, link: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${link}`)
  } catch {
    return ""
  }
}
