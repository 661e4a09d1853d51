import type { Views } from "./filesystem/views.js"
import type { Isolation, Running } from "./isolation/isolation.js"
import type { Progress } from "./progress.js"
import type { Services } from "./services/services.js"
import type { Store } from "./store/store.js"

/** What one session works with. */
export interface Engine {
  store: Store
  isolation: Isolation
  environment: NodeJS.ProcessEnv
  /** Host paths are relative to it. */
  workdir: string
  /** The pinned uv binary of the host. */
  uv: string
  module: { name: string; source: string } | undefined
  progress: Progress
  views: Views
  services: Services
  /** Every command that runs now. */
  running: Set<Running>
  /** Work that was asked for before in this session, by what it is. */
  memory: Map<string, Promise<unknown>>
}

/**
 * Does a piece of work once in a session, however often it is asked for. Work
 * that failed is done again when it is asked for again.
 */
export function once<T>(
  { memory }: Pick<Engine, "memory">,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const known = memory.get(key)
  if (known !== undefined) {
    return known as Promise<T>
  }
  const started = work()
  memory.set(key, started)
  started.catch(() => memory.delete(key))
  return started
}
