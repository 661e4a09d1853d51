import type { PreparedModule } from "../module/prepare.js"
import type { ModuleProcess, TakeOutput } from "../module/process.js"
import type { Session } from "../session.js"
import type { Screen } from "./view.js"

/** What a call reads of the world, and where it writes. */
export interface Terminal {
  stdout(text: string): void
  stderr(text: string): void
  environment: NodeJS.ProcessEnv
  cwd: string
  /** Folder of this project: `node_modules` and `.call` are in it. */
  project: string
  /** Where progress is drawn; none where stderr is no terminal. */
  screen?: Screen
  /** Width that help is made for. */
  columns?: number
  /** Where the store is; in the user's cache folder if not given. */
  store?: string
  /** Ends the call early, as Ctrl-C does. */
  signal?: AbortSignal
  /** How the module's process is started: tests run it in their own. */
  startModule?: StartModule
}

export type StartModule = (
  prepared: PreparedModule,
  session: Promise<Session>,
  output: TakeOutput,
) => ModuleProcess
