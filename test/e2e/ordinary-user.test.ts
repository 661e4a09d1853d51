import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { start } from "./start.js"

// The run's own temporary folder is closed to others.
const home = mkdtempSync(join(dirname(tmpdir()), "ordinary-user-"))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A command as an ordinary user runs it in this project; root becomes one. */
function asOrdinaryUser(...command: string[]) {
  const asRoot = process.getuid?.() === 0
  const become = asRoot ? [join(root, "test/ordinary-user.sh"), home] : []
  const [program = "", ...args] = [...become, ...command]
  const env = { ...process.env, PYPI_DEPLOY_ISOLATION: "folder" }
  return start(program, args, { cwd: root, env }).ended
}

// All of the suite: npm run test:folder
test("an ordinary user publishes where there are no namespaces", async () => {
  const { path } = await project("greeter", { parent: home })
  const args = ["publish", `--source=${path}`, "--index=rehearsal"]
  const { exitCode, stdout, stderr } = await asOrdinaryUser("./call", ...args)
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toMatch(/^call: commands are not isolated/m)
  expect(stdout).toMatch(/^greeter .* is published to rehearsal$/m)
  expect(stdout).toMatch(/^confirmed +sha256 of every file; installed on/m)
}, 600_000)
