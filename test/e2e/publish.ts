import { call } from "./call.js"
import type { Outcome } from "./start.js"

/** An index server on this machine, as `publish` is told of it. */
export interface Target {
  port: number
  /** Where it takes uploads; default `/`. */
  path?: string
  username?: string
  /** Passed in a variable; without one, nothing is said of it. */
  token?: string
}

/** `publish` to a server on this machine; never throws. */
export function publishTo(
  target: Target,
  ...flags: string[]
): Promise<Outcome> {
  const { port, path = "/", username, token } = target
  const args = [
    "publish",
    // The service keeps its port: that is what `tcp://` addresses mean.
    `--index=http://index:${port}${path}`,
    `--index-service=tcp://127.0.0.1:${port}`,
    ...flags,
  ]
  if (username !== undefined) args.push(`--username=${username}`)
  if (token === undefined) return call(args)
  args.push("--token=env:INDEX_TOKEN")
  return call(args, { environment: { INDEX_TOKEN: token } })
}
