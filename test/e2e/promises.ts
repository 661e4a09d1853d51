import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"

import { startSession } from "../../engine/session.js"
import { uvPath } from "../servers/uv.js"
import { isolation } from "./place.js"
import { refusal } from "./refused.js"

/**
 * What containers promise and folder isolation does not, and what a call in
 * it says of that, before anything runs.
 */
const NOT_IN_A_FOLDER = {
  home: "they can read whatever you can",
  processes: "see its processes",
  paths: "know paths of the container in arguments, environment and scripts",
  services: "reach services only as URLs in arguments, environment and input",
  background: "what they leave running in the background may stay",
}

/**
 * The test of a promise. In folder isolation, the test that it is not made:
 * `test:folder` counts those apart.
 *
 * @example promised("processes")("sees no other process", async () => { … })
 */
export function promised(what: keyof typeof NOT_IN_A_FOLDER) {
  return (name: string, body: () => Promise<void>, timeout?: number): void => {
    if (isolation !== "folder") {
      test(name, body, timeout)
      return
    }
    test(refusal(name), async () => {
      const store = mkdtempSync(join(tmpdir(), "promise-"))
      const said: string[] = []
      const warn = (line: string) => said.push(line)
      const session = await startSession({ uv: uvPath(), store, warn })
      await session.close()
      expect(said).toEqual([expect.stringContaining(NOT_IN_A_FOLDER[what])])
    })
  }
}
