/**
 * What `pypi-deploy/engine` offers: an engine for tests of Dagger pipelines.
 * This file imports nothing, so that it can be checked by anybody's compiler.
 */

/** Where an engine keeps things, and what it sees; all of it may be left out. */
export interface SessionOptions {
  /** Folder of its cache; `$XDG_CACHE_HOME/pypi-deploy` if not given. */
  store?: string
  /** Where `env:` secrets, proxies and certificates come from. */
  environment?: Record<string, string | undefined>
  /** Host paths are relative to it. */
  workdir?: string
  /** What `currentModule` answers: `source` is a folder of this machine. */
  module?: { name: string; source: string }
  /** How commands are kept apart from this machine. */
  isolation?: string
}

/** A command of a pipeline, as it was run. */
export interface Step {
  /** Its command line. */
  command: string
  /** `cached`: its result was there already. */
  state: "running" | "cached" | "done" | "failed"
  /** The lines that it printed, secrets taken out. */
  output: string[]
}

/** An engine that runs until it is closed. */
export interface Session {
  /** Every command that was asked for until now, in the order of asking. */
  readonly steps: readonly Step[]
  /** Stops its services and commands; the cache stays. */
  close(): Promise<void>
}

/**
 * Starts an engine in this process, and points the SDK of this process at it:
 * the unmodified `@dagger.io/dagger` connects to it with `connection` or
 * `connect`. One at a time.
 *
 * @throws Error where this machine does not allow its isolation
 * @example
 * const engine = await session()
 * await connection(async () => {
 *   const text = await dag.container().from("node:20").withExec(["node", "-v"]).stdout()
 * })
 * await engine.close()
 */
export declare function session(options?: SessionOptions): Promise<Session>
