import { type Outcome, startCall } from "./start.js"
import { argumentsOf, processes } from "./traces.js"

/** A call's outcome, and every argument list that was seen meanwhile. */
export interface Watched {
  outcome: Outcome
  seen: string[]
}

/** Runs a call, and looks at the arguments of all processes meanwhile. */
export async function watched(
  args: string[],
  cache: string,
  environment: Record<string, string>,
): Promise<Watched> {
  const seen = new Set<string>()
  const running = startCall(args, { cache, environment })
  const timer = setInterval(() => {
    for (const pid of processes()) seen.add(argumentsOf(pid))
  }, 10)
  const outcome = await running.ended
  clearInterval(timer)
  return { outcome, seen: [...seen] }
}

/** All that it printed. */
export function printed({ outcome: { stdout, stderr } }: Watched): string {
  return stdout + stderr
}
