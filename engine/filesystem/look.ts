import type { Stats } from "node:fs"
import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import { type Filesystem, readFilesystem } from "./filesystem.js"
import { lookAt } from "./place.js"
import { resolveInside } from "./resolve.js"

/** A part of a file system: a file, or a directory. */
export interface Source {
  filesystem: Filesystem
  path: string
}

/** How it is said that a path is not what was asked for. */
export function notThere(place: string, what: "file" | "directory"): string {
  return `There is no ${what} ${place}.`
}

/** Calls `use` with the host's path of a folder. */
export function inFolder<T>(
  engine: Engine,
  { filesystem, path: inside }: Source,
  use: (folder: string, stats: Stats) => T | Promise<T>,
): Promise<T> {
  return readFilesystem(engine, filesystem, (root) => {
    const folder = resolveInside(root, inside)
    const stats = lookAt(folder)
    if (!stats?.isDirectory()) {
      throw new EngineError(notThere(inside, "directory"))
    }
    return use(folder, stats)
  })
}

/** Calls `use` with the host's path of a file. */
export function inFile<T>(
  engine: Engine,
  { filesystem, path: inside }: Source,
  use: (file: string, stats: Stats) => T | Promise<T>,
): Promise<T> {
  return readFilesystem(engine, filesystem, (root) => {
    const file = resolveInside(root, inside)
    const stats = lookAt(file)
    if (!stats?.isFile()) {
      throw new EngineError(notThere(inside, "file"))
    }
    return use(file, stats)
  })
}
