import { readFileSync } from "node:fs"
import { link, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { EngineError, hasCode } from "../errors.js"
import type { Store } from "./store.js"
import { startTime } from "./temporary.js"

/** The file that says who prunes: `pid start`. */
export function pruneLock(root: string): string {
  return path.join(root, "prune.lock")
}

/**
 * Takes the lock.
 *
 * @returns what releases it
 * @throws EngineError when somebody else who still lives has it
 */
export async function holdPruneLock(
  store: Pick<Store, "root" | "temporary">,
): Promise<() => Promise<void>> {
  const file = pruneLock(store.root)
  const draft = path.join(store.temporary, "prune.lock")
  await writeFile(draft, `${process.pid} ${await startTime(process.pid)}`)
  const owner = readOwner(file)
  if (owner !== undefined && (await startTime(owner.pid)) !== owner.start) {
    await rm(file, { force: true })
  }
  try {
    await link(draft, file)
  } catch (error) {
    throw hasCode(error, "EEXIST")
      ? new EngineError("Somebody else is pruning the store: try again later.")
      : error
  }
  return () => rm(file, { force: true })
}

/** Waits while somebody who still lives prunes the store. */
export async function waitForPrune(root: string): Promise<void> {
  for (;;) {
    const owner = readOwner(pruneLock(root))
    if (owner === undefined) {
      return
    }
    if ((await startTime(owner.pid)) !== owner.start) {
      return
    }
    await sleep(20)
  }
}

function readOwner(file: string): { pid: number; start: string } | undefined {
  try {
    const [pid, start = ""] = readFileSync(file, "utf8").split(" ")
    return { pid: Number(pid), start }
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined
    }
    throw error
  }
}
