import { accessSync, closeSync, constants, openSync, readSync } from "node:fs"
import path from "node:path"

/** How programs begin that are no scripts: elf(5). */
export const ELF = "\x7fE"

/**
 * Whether Linux could not start a program that is there: a script without
 * `#!`, say. Programs that start others would hand that to a shell.
 *
 * @param searchPath where a name without a slash is looked for
 */
export function isUnknownFormat(
  program: string,
  searchPath: string,
  workdir: string,
): boolean {
  const folders = program.includes("/") ? [workdir] : searchPath.split(":")
  return folders
    .map((folder) => path.resolve(folder, program))
    .flatMap(startOf)
    .slice(0, 1)
    .some((start) => start !== "#!" && start !== ELF)
}

/** The first two bytes of a program, or none where there is no such. */
function startOf(file: string): string[] {
  try {
    accessSync(file, constants.X_OK)
    const descriptor = openSync(file, "r")
    try {
      const start = Buffer.alloc(2)
      const read = readSync(descriptor, start)
      return [start.toString("latin1", 0, read)]
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return []
  }
}
