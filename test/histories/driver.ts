import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"

import { root } from "../root.js"
import { run } from "../servers/run.js"
import { uvPath } from "../servers/uv.js"

/** A question for `driver.py`; see there. */
export type Question = { root: string } & (
  | { ask: "facts" }
  | { ask: "next"; request: unknown }
  | { ask: "scm"; environment: Record<string, string> }
)

/** A process with the locked setuptools-scm, asked one thing after another. */
export interface Driver {
  ask<Answer>(question: Question): Promise<Answer>
  stop(): void
}

/** The interpreter of an environment with the locked build backends. */
export async function lockedPython(): Promise<string> {
  const folder = join(root, ".call/test/backends")
  await run(
    uvPath(),
    [
      ...["sync", "--quiet", "--frozen", "--project=dagger/tools"],
      ...["--only-group=backends", "--python=>=3.10"],
    ],
    {
      cwd: root,
      env: { ...process.env, UV_PROJECT_ENVIRONMENT: folder },
    },
  )
  return join(folder, "bin/python")
}

/** Variables of the caller's that would change what git or the tools say. */
const OWN = /^(GIT_|SETUPTOOLS_SCM_|VCS_VERSIONING_|SOURCE_DATE_EPOCH)/

/** Starts a driver; several work side by side. */
export function startDriver(python: string): Driver {
  const kept = Object.entries(process.env).filter(([name]) => !OWN.test(name))
  const child = spawn(python, [join(root, "test/histories/driver.py")], {
    env: { ...Object.fromEntries(kept), GIT_CONFIG_NOSYSTEM: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async ask<Answer>(question: Question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`driver.py ended (${describe(child)}).`)
      return JSON.parse(value) as Answer
    },
    stop: () => child.stdin.end(),
  }
}

function describe(child: ChildProcess): string {
  return child.signalCode ?? `exit code ${child.exitCode}`
}
