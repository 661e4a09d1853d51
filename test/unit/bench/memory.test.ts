import { spawn } from "node:child_process"
import { expect, test } from "vitest"

import { watchMemory } from "../../../bench/memory.js"

/** A shell whose child holds 100 MB for half a second. */
const hungry =
  "python3 -c 'import time; x = b\"x\" * 100_000_000; time.sleep(0.5)'; :"

test("memory is that of a process and of what it starts", async () => {
  const child = spawn("sh", ["-c", hungry])
  const watch = watchMemory(child.pid ?? 0)
  await new Promise((resolve) => child.once("exit", resolve))
  const peak = watch.stop()
  expect(peak).toBeGreaterThan(95)
  expect(peak).toBeLessThan(250)
})

test("memory of a process that ended long ago is none", async () => {
  const child = spawn("true")
  await new Promise((resolve) => child.once("close", resolve))
  expect(watchMemory(child.pid ?? 0).stop()).toBe(0)
})
