import { expect, test } from "vitest"

import { soak } from "../soak/run.js"
import { complaints, summary } from "../soak/summary.js"
import { engine } from "./call.js"

// `npm run soak` has a thousand.
test.runIf(engine === "embedded")(
  "a few deployments through faults end complete, and are told as they are",
  async () => {
    const all = []
    for await (const deployment of soak({
      ...{ deployments: 4, seed: 7, parallel: 2, rate: 0.2 },
    })) {
      all.push(deployment)
      expect(complaints(deployment), deployment.stderr).toEqual([])
    }
    expect(summary(all).passed).toBe(true)
    // There were faults.
    expect(all.flatMap((it) => Object.values(it.faults))).not.toEqual([])
  },
  300_000,
)
