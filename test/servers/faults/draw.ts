import { createHash } from "node:crypto"

/**
 * A number in [0, 1) for the nth time that something happens. It depends on
 * the seed and on that alone, and so not on what happens at the same time.
 */
export type Draw = (what: string) => number

export function seededDraw(seed: number): Draw {
  const times = new Map<string, number>()
  return (what) => {
    const time = (times.get(what) ?? 0) + 1
    times.set(what, time)
    const key = `${seed} ${what} ${time}`
    const digest = createHash("sha256").update(key).digest()
    return digest.readUInt32BE(0) / 2 ** 32
  }
}
