import { setTimeout as sleep } from "node:timers/promises"

import type { Running } from "./start.js"
import { mountsBelow, processesUsing } from "./traces.js"

/**
 * What is left of a call, some time after it was ended: processes (at most
 * `patience` milliseconds are granted to them to end) and mounts that have to
 * do with its store. Nothing left is an empty list.
 */
export async function leftOf(
  cache: string,
  patience = 3000,
): Promise<string[]> {
  const end = Date.now() + patience
  for (;;) {
    const left = [...processesUsing(cache), ...mountsBelow(cache)]
    if (left.length === 0 || Date.now() > end) return left
    await sleep(50)
  }
}

/** Sends a signal after some time, unless the call has ended by then. */
export async function signalAfter(
  running: Running,
  milliseconds: number,
  signal: NodeJS.Signals,
) {
  const ended = running.ended.then(() => true)
  const early = await Promise.race([ended, sleep(milliseconds, false)])
  if (!early) running.signal(signal)
  return running.ended
}

/**
 * Numbers in [0, 1) that a seed decides (mulberry32), so that a failure at
 * random moments can be had again.
 */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
