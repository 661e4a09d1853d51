import path from "node:path"
import type { PreparedModule } from "../module/prepare.js"
import {
  startModule,
  startOtherModule,
  type TakeOutput,
} from "../module/process.js"
import { schema } from "../schema.js"
import { startSession } from "../session.js"
import { callChain, type ReadyChain } from "./chain.js"
import { coreObject } from "./core.js"
import type { Options } from "./options.js"
import { render } from "./result.js"
import type { StartModule, Terminal } from "./terminal.js"
import type { Surroundings } from "./values.js"
import type { View } from "./view.js"

export interface RunContext {
  options: Options
  prepared: PreparedModule
  around: Surroundings
  terminal: Terminal
  view: View
}

/** Runs a chain in a session of its own; gives the text of its result. */
export async function runChain(
  chain: ReadyChain,
  { options, prepared, around, terminal, view }: RunContext,
): Promise<string> {
  const { source } = prepared
  const starting = startSession({
    store: terminal.store,
    isolation: options.isolation,
    uv: `${terminal.project}/.call/uv/bin/uv`,
    environment: terminal.environment,
    workdir: terminal.cwd,
    module: { name: source.name, source: source.source },
    progress: (event) => view.event(event),
  })
  // This repository's own module is trusted as the engine is.
  const isOwn = source.root === terminal.project
  const start = terminal.startModule ?? (isOwn ? ownThread : otherProcess)
  // What a module writes to stderr is for people, as on the Dagger engine.
  const output: TakeOutput = (text, stream) => {
    if (options.debug || (stream === "stderr" && !options.silent)) {
      view.say(text)
    }
  }
  // It loads while the session starts.
  const module = start(prepared, starting, output)
  const session = await starting.catch((error) => {
    module.stop()
    throw error
  })
  const stop = (): void => {
    module.stop()
    void session.close()
  }
  terminal.signal?.addEventListener("abort", stop, { once: true })
  try {
    const result = await callChain(
      chain,
      {
        session,
        around,
        view,
        findCore: (name) => coreObject(schema, name),
        callModule: (call) => module.call(call),
        apply: options.autoApply,
      },
      options.output && path.resolve(terminal.cwd, options.output),
    )
    return render(result, options.json)
  } finally {
    terminal.signal?.removeEventListener("abort", stop)
    module.stop()
    await session.close()
  }
}

const ownThread: StartModule = (prepared, session, output) =>
  startModule(prepared.runtime, session, output)

const otherProcess: StartModule = (prepared, session, output) =>
  startOtherModule(prepared.runtime, session, output)
