import { mkdirSync, mkdtempSync, readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, inject, test } from "vitest"

import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { engine } from "./call.js"
import { expectSentence } from "./expect.js"
import { start } from "./start.js"

/** A mount namespace of its own and a tmpfs in it: only root may have that. */
const canMount = engine === "embedded" && process.getuid?.() === 0

test.runIf(canMount)("a full disk is named, with exit code 1", async () => {
  const { path } = await project("markupsafe", { commits: 1 })
  const disk = mkdtempSync(join(tmpdir(), "full-disk-"))
  mkdirSync(join(disk, "never-seen-outside"))
  const { exitCode, stdout, stderr } = await start(
    "unshare",
    [
      "--mount",
      "sh",
      "-c",
      'mount -t tmpfs -o size=8m tmpfs "$1" && shift && exec "$@"',
      "sh",
      disk,
      join(root, "call"),
      "build",
      `--source=${path}`,
    ],
    { cwd: root, env: { ...process.env, XDG_CACHE_HOME: disk } },
  ).ended
  expectSentence({ exitCode, stdout, stderr }, /no space left|disk.*full/i)
  expect(exitCode).toBe(1)
  // The mount went with its namespace; the shared store is another one.
  expect(readdirSync(disk)).toEqual(["never-seen-outside"])
  expect(inject("cache")).not.toBe(disk)
})
