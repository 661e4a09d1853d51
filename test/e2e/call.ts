import { inject } from "vitest"

import { root } from "../root.js"
import { type Outcome, start } from "./start.js"

export interface CallOptions {
  /** Variables besides this process's own. */
  environment?: Record<string, string>
  /** Default: the repository's root. */
  cwd?: string
  /** The cache folder; default: the one that the run's calls share. */
  cache?: string
}

type Engine = (args: string[], options: CallOptions) => Promise<Outcome>

const engines: Record<string, Engine> = {
  embedded: async (args, options) => {
    const { callInProcess } = await import("./in-process.js")
    return callInProcess(args, { cache: inject("cache"), ...options })
  },
  dagger: callDagger,
}

/** The engine that the suite runs on: PYPI_DEPLOY_ENGINE, or `embedded`. */
export const engine = process.env.PYPI_DEPLOY_ENGINE || "embedded"

/**
 * `call ARGS` on the chosen engine: `./call` inside this process, where
 * coverage sees it, or `dagger call`. Never throws for a call that fails.
 */
export function call(
  args: string[],
  options: CallOptions = {},
): Promise<Outcome> {
  const chosen = engines[engine]
  if (chosen === undefined)
    throw new Error(
      `PYPI_DEPLOY_ENGINE is ${engine}, but the suite knows ${Object.keys(engines).join(" and ")}.`,
    )
  return chosen(args, options)
}

/** A call that must succeed, as its stdout. */
export async function succeed(
  args: string[],
  options: CallOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await call(args, options)
  if (exitCode !== 0)
    throw new Error(
      `${args.join(" ")} ended with ${exitCode}.\n${stderr}${stdout}`,
    )
  return stdout
}

function callDagger(args: string[], options: CallOptions): Promise<Outcome> {
  // Its progress is a log of every API call; errors are printed all the same.
  const words = ["call", "--silent", `--mod=${root}`, ...args]
  return start("dagger", words, {
    cwd: options.cwd ?? root,
    env: { ...process.env, NO_COLOR: "1", ...options.environment },
  }).ended
}
