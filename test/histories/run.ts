import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { type Driver, lockedPython, startDriver } from "./driver.js"
import {
  anyHistory,
  datedHistory,
  type History,
  orderlyHistory,
} from "./history.js"
import {
  checkAgreement,
  checkRising,
  emptyTally,
  type Tally,
} from "./properties.js"

/** How many histories, of which seed. */
export interface Sample {
  histories: number
  seed: number
}

type Check = typeof checkRising

/** The properties by name, and the histories they hold for. */
const PROPERTIES: Record<
  "rising" | "dated" | "agreement",
  { histories: fc.Arbitrary<History>; check: Check }
> = {
  rising: { histories: anyHistory, check: checkRising },
  dated: { histories: datedHistory, check: checkRising },
  agreement: { histories: orderlyHistory, check: checkAgreement },
}

/**
 * Tries one property on generated histories.
 *
 * @throws with the smallest history that breaks it, and the seed
 */
export async function tryHistories(
  property: keyof typeof PROPERTIES,
  { histories, seed }: Sample,
): Promise<Tally> {
  const { histories: arbitrary, check } = PROPERTIES[property]
  const driver: Driver = startDriver(await lockedPython())
  const folder = mkdtempSync(join(tmpdir(), "histories-"))
  const tally = emptyTally()
  let count = 0
  try {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (history) => {
        count += 1
        await check(driver, history, join(folder, String(count)), tally)
      }),
      { numRuns: histories, seed, verbose: 0 },
    )
    return tally
  } finally {
    driver.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
