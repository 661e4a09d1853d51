import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { start } from "./start.js"

/** A command as an ordinary user runs it in this project; root becomes one. */
function asOrdinaryUser(command: string, ...args: string[]) {
  const home = mkdtempSync(join(tmpdir(), "ordinary-user-"))
  const environment = { ...process.env, PYPI_DEPLOY_ISOLATION: "folder" }
  const words =
    process.getuid?.() === 0
      ? [join(root, "test/ordinary-user.sh"), home, command, ...args]
      : [command, ...args]
  const [program = "", ...rest] = words
  return start(program, rest, { cwd: root, env: environment }).ended
}

// All of the suite: npm run test:folder
test("an ordinary user publishes where there are no namespaces", async () => {
  const { path } = await project("greeter")
  const args = ["publish", `--source=${path}`, "--index=rehearsal"]
  const { exitCode, stdout, stderr } = await asOrdinaryUser("./call", ...args)
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toMatch(/^call: commands are not isolated/m)
  expect(stdout).toMatch(/^greeter .* is published to rehearsal$/m)
  expect(stdout).toMatch(/^confirmed +sha256 of every file; installed on/m)
}, 600_000)
