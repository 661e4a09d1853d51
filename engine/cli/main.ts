import path from "node:path"
import type { ObjectDefinition } from "../module/definitions.js"
import { type PreparedModule, prepareModule } from "../module/prepare.js"
import { type ModuleProcess, startModule } from "../module/process.js"
import { findModule } from "../module/source.js"
import { schema } from "../schema.js"
import { type Session, startSession } from "../session.js"
import { prune } from "../store/prune.js"
import { type Invocation, type Link, parseArguments } from "./arguments.js"
import { callChain, readChain } from "./chain.js"
import { coreEnums, coreObject } from "./core.js"
import { explain } from "./failure.js"
import { functionHelp, moduleHelp } from "./help.js"
import { plainReporter } from "./progress.js"
import { render } from "./result.js"
import type { Surroundings } from "./values.js"

/** What a call reads of the world, and where it writes. */
export interface Terminal {
  stdout(text: string): void
  stderr(text: string): void
  environment: NodeJS.ProcessEnv
  cwd: string
  /** Folder of this project: `node_modules` and `.call` are in it. */
  project: string
  /** Where the store is; in the user's cache folder if not given. */
  store?: string
  /** Ends the call early, as Ctrl-C does. */
  signal?: AbortSignal
  /** How the module's process is started: tests run it in their own. */
  startModule?: StartModule
}

export type StartModule = (
  prepared: PreparedModule,
  session: Session,
  output: (text: string, stream: "stdout" | "stderr") => void,
) => ModuleProcess

/** Exit code of a call that was ended by Ctrl-C, as shells have it. */
const INTERRUPTED = 130

/**
 * `./call ARGS`: prints the result on stdout and everything else on stderr.
 *
 * @returns the exit code: 0 done, 1 the pipeline said no, 2 the call was wrong.
 */
export async function main(
  words: string[],
  terminal: Terminal,
): Promise<number> {
  try {
    await run(words, terminal)
    return 0
  } catch (error) {
    if (terminal.signal?.aborted) {
      terminal.stderr("Stopped.\n")
      return INTERRUPTED
    }
    const { text, code } = explain(error, words.includes("--debug"))
    terminal.stderr(text)
    return code
  }
}

async function run(words: string[], terminal: Terminal): Promise<void> {
  const { cwd, project, stdout, stderr } = terminal
  const source = findModule(moduleFolder(words) ?? project)
  const prepared = await prepareModule(source, project, (line) =>
    stderr(`call: ${line}\n`),
  )
  const { definition } = prepared
  const main = definition.objects[definition.main]
  if (!main) {
    throw new Error(`${source.name} has no object ${definition.main}.`)
  }
  const findObject = (name: string): ObjectDefinition | undefined =>
    definition.objects[name] ?? coreObject(schema, name)
  const invocation = parseArguments(words, main, findObject)
  const { chain, options } = invocation
  const enums = { ...coreEnums(schema), ...definition.enums }
  if (options.prune) {
    stdout(await prune({ store: terminal.store }))
    return
  }
  const last = chain.at(-1)
  if (!last) {
    stdout(moduleHelp(definition))
    return
  }
  if (options.help) {
    const { returns } = last.function
    const result = "name" in returns ? findObject(returns.name) : undefined
    stdout(functionHelp(last.function, enums, result))
    return
  }
  const { environment } = terminal
  const around = { cwd, environment, context: source.root, enums }
  stdout(await call(invocation, chain, prepared, around, terminal))
}

/** Runs a chain in a session of its own; gives the text of its result. */
async function call(
  { options }: Invocation,
  chain: Link[],
  prepared: PreparedModule,
  around: Surroundings,
  terminal: Terminal,
): Promise<string> {
  const ready = readChain(chain, around)
  const { source } = prepared
  const session = await startSession({
    store: terminal.store,
    isolation: options.isolation,
    uv: `${terminal.project}/.call/uv/bin/uv`,
    environment: terminal.environment,
    workdir: terminal.cwd,
    module: { name: source.name, source: source.source },
    progress: options.silent
      ? undefined
      : plainReporter(terminal.stderr, options.debug),
  })
  const start = terminal.startModule ?? startProcess
  const module = start(
    prepared,
    session,
    // What a module writes to stderr is for people, as on the Dagger engine.
    (text, stream) => {
      if (options.debug || (stream === "stderr" && !options.silent)) {
        terminal.stderr(text)
      }
    },
  )
  const stop = (): void => {
    module.stop()
    void session.close()
  }
  terminal.signal?.addEventListener("abort", stop, { once: true })
  try {
    const result = await callChain(
      ready,
      {
        session,
        around,
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

const startProcess: StartModule = (prepared, session, output) =>
  startModule(prepared.runtime, session, output)

/** The module is found before its functions can be parsed. */
function moduleFolder(words: string[]): string | undefined {
  const index = words.findIndex((word) => /^(-m|--mod)(=|$)/.test(word))
  const word = words[index]
  return word?.includes("=")
    ? word.replace(/^[^=]*=/, "")
    : words[index + 1 || -1]
}
