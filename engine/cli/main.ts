import { prepareModule } from "../module/prepare.js"
import {
  findModule,
  type ModuleSource,
  NoModuleError,
} from "../module/source.js"
import { schema } from "../schema.js"
import { prune } from "../store/prune.js"
import { refuseElsewhere } from "./applying.js"
import { type FindObject, parseArguments } from "./arguments.js"
import { readChain } from "./chain.js"
import { COMPLETE, complete } from "./completion.js"
import { coreEnums, coreObject } from "./core.js"
import { explain } from "./failure.js"
import { functionHelp, moduleHelp } from "./help.js"
import { WIDTH } from "./layout.js"
import { moduleFolder } from "./options.js"
import { runChain } from "./run.js"
import { scripts } from "./shells.js"
import type { Terminal } from "./terminal.js"
import { UsageError } from "./usage.js"
import { type View, viewFor } from "./view.js"

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
  const view = viewFor(words, terminal)
  try {
    const text = await call(words, terminal, view)
    view.end(false)
    terminal.stdout(text)
    return 0
  } catch (error) {
    view.end(true)
    if (terminal.signal?.aborted) {
      terminal.stderr("Stopped.\n")
      return INTERRUPTED
    }
    const { text, code } = explain(error, words.includes("--debug"))
    terminal.stderr(text)
    return code
  }
}

/** The module that `-m` names, or this project's own. */
function sourceOf(folder: string | undefined, project: string): ModuleSource {
  if (folder === undefined) {
    return findModule(project)
  }
  if (folder === "") {
    throw new UsageError("-m needs a value: -m DIR.")
  }
  try {
    return findModule(folder)
  } catch (error) {
    throw error instanceof NoModuleError ? new UsageError(error.message) : error
  }
}

/** What a call prints. */
async function call(
  words: string[],
  terminal: Terminal,
  view: View,
): Promise<string> {
  const { project, columns = WIDTH } = terminal
  const source = sourceOf(moduleFolder(words), project)
  const prepared = await prepareModule(source, project, (notice) =>
    view.note(notice),
  )
  const { definition } = prepared
  const find: FindObject = (name) =>
    definition.objects[name] ?? coreObject(schema, name)
  const main = find(definition.main)
  if (!main) {
    throw new Error(`${source.name} has no object ${definition.main}.`)
  }
  const enums = { ...coreEnums(schema), ...definition.enums }
  if (words[0] === COMPLETE) {
    return complete(words.slice(1), main, find, enums)
  }
  const invocation = parseArguments(words, main, find)
  const { chain, options } = invocation
  if (options.completion) {
    return scripts[options.completion]
  }
  if (options.prune) {
    return `${await prune({ store: terminal.store })}\n`
  }
  const last = chain.at(-1)
  if (!last) {
    return moduleHelp(definition, columns)
  }
  if (options.help) {
    const { returns } = last.function
    const result = "name" in returns ? find(returns.name) : undefined
    return functionHelp(last.function, enums, result, columns)
  }
  const { cwd, environment } = terminal
  const around = { cwd, environment, module: source, enums }
  const isOwn = (name: string) => name in definition.objects
  if (options.autoApply) refuseElsewhere(chain, cwd)
  const ready = readChain(invocation, isOwn, around)
  return runChain(ready, { options, prepared, around, terminal, view })
}
