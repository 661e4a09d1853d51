import { randomBytes } from "node:crypto"
import {
  chmod,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { hasCode } from "../errors.js"
import { layerFolder } from "./layer.js"
import { forceRemove } from "./remove.js"
import { removeLeftovers, temporaryName } from "./temporary.js"

/**
 * The folders that outlive a call. Everything in them gets there by rename,
 * so that a kill at any moment leaves whole things or nothing.
 *
 * - `layers/ID/fs`: a folder of a file system: a full tree or what an exec
 *   wrote over others (overlayfs). Never changed once it is there.
 * - `records/DIGEST/`: what a step gave: its layers, and its output.
 * - `snapshots/`: what host folders looked like when they were last copied.
 * - `interpreters/`: what the Pythons of this machine said of themselves.
 * - `caches/`: cache volumes. `tmp/`: what is being made, by whom.
 */
export interface Store {
  root: string
  /** This session's folder below `tmp/`. */
  temporary: string
  /** For digests of secrets: no one without the store can check a guess. */
  salt: Buffer
}

/** Where the store is: `$XDG_CACHE_HOME/pypi-deploy` or `~/.cache/pypi-deploy`. */
export function defaultStore(environment: NodeJS.ProcessEnv): string {
  const home = environment.HOME || os.homedir()
  const cache = environment.XDG_CACHE_HOME || path.join(home, ".cache")
  return path.join(cache, "pypi-deploy")
}

/** What the names of the stores beside it end in, which others cannot read. */
export const STORE_SUFFIXES = ["-folder"]

const FOLDERS = [
  "layers",
  "records",
  "snapshots",
  "caches",
  "interpreters",
  "tmp",
]

/** Opens the store, made where it is not there, and clears what dead calls left. */
export async function openStore(root: string): Promise<Store> {
  await mkdir(root, { recursive: true })
  await chmod(root, 0o700)
  await Promise.all(
    FOLDERS.map((name) => mkdir(path.join(root, name), { recursive: true })),
  )
  const temporary = path.join(root, "tmp", await temporaryName())
  await mkdir(temporary)
  await removeLeftovers(path.join(root, "tmp"))
  return { root, temporary, salt: await readSalt(root, temporary) }
}

/**
 * Removes this session's temporary folder. It is renamed first: what still
 * works in it finds nothing, rather than keep what is half removed.
 */
export async function closeStore(store: Store): Promise<void> {
  const closed = `${store.temporary}.closed`
  await rename(store.temporary, closed)
  await forceRemove(closed)
}

/** A new folder of this session's for something that is being made. */
export async function workFolder(store: Store): Promise<string> {
  const folder = path.join(store.temporary, randomBytes(6).toString("hex"))
  await mkdir(folder)
  return folder
}

/** The path of a layer. */
export function layerPath(store: Store, layer: string): string {
  return path.resolve(store.root, "layers", layerFolder(layer))
}

/**
 * Makes a finished folder a layer.
 *
 * @param folder of this session, with the tree in `fs`
 * @returns the layer's id: random, since what makes it may differ each time
 */
export async function keepLayer(store: Store, folder: string): Promise<string> {
  const id = randomBytes(8).toString("hex")
  await rename(folder, path.join(store.root, "layers", id))
  return id
}

async function readSalt(root: string, temporary: string): Promise<Buffer> {
  const file = path.join(root, "salt")
  try {
    return await readFile(file)
  } catch (error) {
    if (!hasCode(error, "ENOENT")) {
      throw error
    }
  }
  const draft = path.join(temporary, "salt")
  await writeFile(draft, randomBytes(32), { mode: 0o600 })
  try {
    await link(draft, file)
  } catch (error) {
    if (!hasCode(error, "EEXIST")) {
      throw error
    }
  }
  await rm(draft)
  return readFile(file)
}
