import { randomBytes } from "node:crypto"
import path from "node:path"
import type { ExecutionResult } from "graphql"
import { answer } from "./api/answer.js"
import type { Api } from "./api/api.js"
import { forGuests } from "./api/guests.js"
import type { Engine } from "./engine.js"
import { Views } from "./filesystem/views.js"
import { chooseIsolation, type IsolationName } from "./isolation/isolation.js"
import { type Program, startConfined } from "./module/confined.js"
import type { Progress } from "./progress.js"
import { listen } from "./server.js"
import { Services } from "./services/services.js"
import { closeStore, defaultStore, openStore } from "./store/store.js"
import { Ids } from "./values/ids.js"

export type { ProgressEvent } from "./progress.js"

export interface SessionOptions {
  /** Where the store is; `$XDG_CACHE_HOME/pypi-deploy` if not given. */
  store?: string
  isolation?: IsolationName
  /** The path of the pinned uv binary of this machine, for base images. */
  uv: string
  /** Where `env:` secrets, proxies and certificates come from. */
  environment?: NodeJS.ProcessEnv
  /** Host paths are relative to it. */
  workdir?: string
  /** What `currentModule` answers: `source` is a folder of the host. */
  module?: { name: string; source: string }
  progress?: Progress
  /** Takes what the caller must know before anything runs; stderr if not given. */
  warn?: (line: string) => void
}

export interface Session {
  port: number
  token: string
  /** For a module's process: it is not answered what is the caller's. */
  moduleToken: string
  /** The same as `POST /query`, without the way over HTTP. */
  query(document: string): Promise<ExecutionResult>
  /** Stops services and commands, removes temporary folders; once is enough. */
  close(): Promise<void>
  /** Runs a program that is not trusted with this machine. */
  confined(program: Program): ReturnType<typeof startConfined>
}

/**
 * Starts an engine for one call: the unmodified SDK reaches it with
 * `DAGGER_SESSION_PORT` and `DAGGER_SESSION_TOKEN`.
 *
 * @throws EngineError where this machine does not allow the isolation
 * @example
 * const session = await startSession({ uv: ".call/uv/bin/uv" })
 * const { data } = await session.query("{ version }")
 * await session.close()
 */
export async function startSession(options: SessionOptions): Promise<Session> {
  const environment = options.environment ?? process.env
  const isolation = chooseIsolation(options.isolation, environment)
  const root = path.resolve(options.store ?? defaultStore(environment))
  const [store] = await Promise.all([
    openStore(`${root}${isolation.storeSuffix ?? ""}`),
    isolation.check(),
  ])
  if (isolation.notice !== undefined) {
    const warn = options.warn ?? ((line) => process.stderr.write(`${line}\n`))
    warn(`call: ${isolation.notice}`)
  }
  const engine: Engine = {
    store,
    isolation,
    environment,
    workdir: path.resolve(options.workdir ?? process.cwd()),
    uv: path.resolve(options.uv),
    module: options.module,
    progress: options.progress ?? (() => {}),
    views: new Views(store, isolation),
    services: new Services(() => engine),
    running: new Set(),
    memory: new Map(),
  }
  const api: Api = { engine, ids: new Ids() }
  const query = (document: string) => answer(api, document)
  const [token, moduleToken] = [newToken(), newToken()]
  const server = await listen({
    [token]: query,
    [moduleToken]: (document) => answer(api, document, [forGuests]),
  })
  const closeAll = async () => {
    await server.close()
    await engine.services.close()
    for (const running of engine.running) {
      running.kill()
    }
    await Promise.allSettled([...engine.running].map(({ exit }) => exit))
    await engine.views.close()
    await closeStore(store)
  }
  let closing: Promise<void> | undefined
  return {
    port: server.port,
    token,
    moduleToken,
    query,
    confined: (program) => startConfined(engine, program),
    close() {
      closing ??= closeAll()
      return closing
    },
  }
}

function newToken(): string {
  return randomBytes(24).toString("hex")
}
