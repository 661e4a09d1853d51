import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { startPypi } from "../servers/pypi/start.js"
import { type Deployment, deploy } from "./deploy.js"

export interface SoakOptions {
  deployments: number
  seed: number
  /** How many deployments at once. */
  parallel: number
  /** The part of all requests that a fault hits. */
  rate: number
  /** Only this one of them, to have it once more. */
  only?: number
}

/** Deployments to one index, each as it ends. */
export async function* soak(options: SoakOptions): AsyncGenerator<Deployment> {
  const { deployments, seed, parallel, rate, only } = options
  const index = await startPypi()
  const cache = mkdtempSync(join(tmpdir(), "soak-"))
  const world = { index, seed, rate, cache }
  const numbers = Array.from({ length: deployments }, (_, at) => at + 1)
  const queue = only === undefined ? numbers : [only]
  const running = new Map<number, Promise<Deployment>>()
  try {
    while (queue.length > 0 || running.size > 0) {
      // The first fills the new store; the others find it warm.
      const many = queue.length === deployments || only ? 1 : parallel
      while (running.size < many && queue.length > 0) {
        const number = queue.shift() as number
        running.set(number, deploy(number, world))
      }
      const done = await Promise.race(running.values())
      running.delete(done.number)
      yield done
    }
  } finally {
    await Promise.allSettled(running.values())
    await index.stop()
  }
}
