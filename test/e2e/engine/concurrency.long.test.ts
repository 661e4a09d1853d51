import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"

import { prune } from "../../../engine/store/prune.js"
import { largeRepository } from "../../fixtures/large.js"
import { type Outcome, startCall } from "../start.js"
import { temporaryFolder } from "./engine.js"

const CALLS = 20

function version(source: string, cache: string): Promise<Outcome> {
  return startCall(["version", `--source=${source}`], { cache }).ended
}

test("twenty calls at once on one store all give the version, while it is pruned", async () => {
  const folder = temporaryFolder()
  const cache = mkdtempSync(join(tmpdir(), "shared-cache-"))
  const sources = [1, 2, 3, 4].map((commits) =>
    largeRepository(folder, { commits: 10 * commits, tags: 2, files: 20 }),
  )
  // What they leave is old enough to go, and what the others need again.
  const expected = await Promise.all(
    sources.map((source) => version(source, cache)),
  )
  expect(expected.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0])
  expect(new Set(expected.map(({ stdout }) => stdout)).size).toBe(4)

  const calls = Array.from({ length: CALLS }, (_, number) =>
    version(sources[number % sources.length] ?? "", cache),
  )
  let running = true
  const all = Promise.all(calls).finally(() => {
    running = false
  })
  const pruned: string[] = []
  while (running) {
    const all = { olderThanDays: 0, maxBytes: 0 }
    pruned.push(await prune({ store: join(cache, "pypi-deploy"), ...all }))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  for (const [number, { exitCode, stdout, stderr }] of (await all).entries()) {
    expect(`${exitCode} ${stdout}${exitCode === 0 ? "" : stderr}`).toBe(
      `0 ${expected[number % sources.length]?.stdout}`,
    )
  }
  expect(pruned.length).toBeGreaterThan(1)
  expect(pruned.join()).toMatch(/Removed [1-9]/)
  // Twenty processes share what cores there are.
}, 300_000)
