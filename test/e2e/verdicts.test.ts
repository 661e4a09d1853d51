import { rmSync } from "node:fs"
import { expect, test } from "vitest"

import { downloadedRelease } from "../verdicts/download.js"
import { SKIPPED, verdictOf, verdictOfFailure } from "../verdicts/verdict.js"
import known from "../verdicts/verdicts.json" with { type: "json" }
import { call } from "./call.js"

// All twenty: node "$(engine/prepare.sh test/verdicts.ts)"
test.each(["attrs", "pyyaml", "six", "tornado"] as const)(
  "verify says of %s what it said before",
  async (name) => {
    const folder = await downloadedRelease(name)
    const args = ["verify", `--dist=${folder}`, `--skip=${SKIPPED.join(",")}`]
    const { exitCode, stdout, stderr } = await call([...args, "--format=json"])
    rmSync(folder, { recursive: true })
    const verdict =
      exitCode === 0
        ? verdictOf(JSON.parse(stdout).checks)
        : verdictOfFailure(stderr)
    expect(verdict).toEqual(known[name])
  },
)
