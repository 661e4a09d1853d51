import { describe, expect } from "vitest"

import { engine } from "./call.js"
import { promised } from "./promises.js"
import { publishKills } from "./publish-kills.js"

// `npm run kill` has more.
describe.runIf(engine === "embedded")("a publish that was killed", () => {
  promised("background")(
    "is ended by the same publish",
    async () => {
      for await (const { moment, faults } of publishKills(3, 11))
        expect(faults, `killed after ${moment} ms`).toEqual([])
    },
    300_000,
  )
})
