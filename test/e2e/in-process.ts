import { join } from "node:path"

import { main } from "../../engine/cli/main.js"
import type { StartModule } from "../../engine/cli/terminal.js"
import { run } from "../../engine/module/runtime.js"
import { root } from "../root.js"
import type { Outcome, StartCallOptions } from "./start.js"

/**
 * `./call ARGS` in this process: the same command line, engine and module
 * code, but for the module's own process, which would hide it from coverage.
 * One call at a time: the SDK finds its session in the environment.
 */
export async function callInProcess(
  args: string[],
  options: StartCallOptions,
): Promise<Outcome> {
  const text = { stdout: "", stderr: "" }
  const exitCode = await main(args, {
    stdout: (part) => {
      text.stdout += part
    },
    stderr: (part) => {
      text.stderr += part
    },
    environment: { ...process.env, ...options.environment },
    cwd: options.cwd ?? root,
    project: root,
    store: join(options.cache, "pypi-deploy"),
    startModule,
  })
  return { exitCode, ...text }
}

const startModule: StartModule = (prepared, session) => ({
  call: async (call) => {
    const { port, moduleToken } = await session
    process.env.DAGGER_SESSION_PORT = String(port)
    process.env.DAGGER_SESSION_TOKEN = moduleToken
    const module = await import("../../dagger/src/index.js")
    return run({ ...module }, prepared.definition, call)
  },
  stop: () => {},
})
