import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import { root } from "../root.js"
import { engine } from "./call.js"
import { expectSentence } from "./expect.js"
import { type Outcome, start } from "./start.js"

// The program itself: in the suite's own process there is no stdout to close.
describe.runIf(engine === "embedded")("what ./call prints", () => {
  const shell = (script: string): Promise<Outcome> =>
    start("bash", ["-o", "pipefail", "-c", script, join(root, "call")], {})
      .ended
  beforeAll(async () => {
    expect((await shell('"$0" --help')).exitCode).toBe(0)
  }, 300_000)

  test("may be read by halves", async () => {
    const { exitCode, stderr } = await shell('"$0" --help | true')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    const wrong = await shell('"$0" nothing 2>&1 | true')
    expect(wrong).toEqual({ exitCode: 2, stdout: "", stderr: "" })
  })

  test.runIf(existsSync("/dev/full"))(
    "is lost with a sentence where the disk is full",
    async () => {
      const outcome = await shell('"$0" --help >/dev/full')
      expect(outcome.exitCode).toBe(1)
      expectSentence(outcome, /could not be written\. There is no space left/)
    },
  )

  test("is refused with a sentence in a folder that was removed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gone-"))
    const outcome = await shell(
      `cd '${folder}' && rmdir '${folder}' && "$0" --help`,
    )
    expect(outcome.exitCode).toBe(2)
    expectSentence(outcome, /folder that this call stands in was removed/)
  })
})
