import { describe, expect, test } from "vitest"

import { tryHistories } from "../../histories/run.js"

/** `npm run histories` tries a thousand, of a new seed each time. */
const SAMPLE = { histories: 25, seed: 4 }

describe.concurrent("on generated histories, with the real setuptools-scm,", () => {
  test("dev versions never repeat and never fall, and tags give their own", async () => {
    const tally = await tryHistories("rising", SAMPLE)
    expect(tally.histories).toBe(SAMPLE.histories)
    expect(tally.commits).toBeGreaterThan(100)
    expect(tally.releases).toBeGreaterThan(20)
  }, 120_000)

  test("dates as versions never repeat and never fall", async () => {
    const tally = await tryHistories("dated", { histories: 12, seed: 4 })
    expect(tally.commits).toBeGreaterThan(50)
    expect(tally.releases).toBeGreaterThan(10)
  }, 120_000)

  test("versions are setuptools-scm's own wherever those are good", async () => {
    const tally = await tryHistories("agreement", SAMPLE)
    expect(tally.histories).toBe(SAMPLE.histories)
    expect(tally.agreed).toBeGreaterThan(50)
  }, 120_000)
})
