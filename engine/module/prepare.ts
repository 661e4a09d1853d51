import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { build, type Plugin } from "esbuild"
import { EngineError } from "../errors.js"
import type { ModuleDefinition } from "./definitions.js"
import { fromScan, type Scan } from "./scan.js"
import type { ModuleSource } from "./source.js"

/** A module ready to be called. */
export interface PreparedModule {
  source: ModuleSource
  definition: ModuleDefinition
  /** The program of its process: `node RUNTIME`, see `runtime.ts`. */
  runtime: string
}

/**
 * A module's definitions and its bundle, made once per digest of its sources
 * and kept under `.call/modules`. Reading the types takes the compiler about
 * 2 s, and bundling takes the SDK's start from about 1 s to 0.2 s.
 *
 * @param project Folder of this project: its SDK and compiler are used.
 * @param notice Told once when there is something to make.
 * @throws EngineError when the module cannot be read or bundled.
 */
export async function prepareModule(
  source: ModuleSource,
  project: string,
  notice: (line: string) => void,
): Promise<PreparedModule> {
  const folder = path.join(project, ".call", "modules", key(source, project))
  if (!existsSync(folder)) {
    notice(`reading the functions of ${source.name}`)
    await make(source, project, folder)
  }
  const definition = await readFile(
    path.join(folder, "definition.json"),
    "utf8",
  )
  return {
    source,
    definition: JSON.parse(definition) as ModuleDefinition,
    runtime: path.join(folder, "runtime.cjs"),
  }
}

/** What a prepared module is made of: its sources, and what makes it. */
function key(source: ModuleSource, project: string): string {
  const hash = createHash("sha256").update(source.digest)
  const folder = path.join(project, "engine", "module")
  const makers = readdirSync(folder).sort()
  for (const file of makers.map((name) => path.join(folder, name))) {
    hash.update(readFileSync(file))
  }
  return hash
    .update(readFileSync(path.join(project, "package-lock.json")))
    .digest("hex")
}

async function make(
  source: ModuleSource,
  project: string,
  folder: string,
): Promise<void> {
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  try {
    const definition = await scan(source, project, draft)
    await bundle(source, project, draft)
    await writeFile(path.join(draft, "definition.json"), definition)
    await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
      // Another call made the same one in the meantime.
      if (!existsSync(folder)) {
        throw error
      }
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Runs the SDK's own introspection on a copy of the sources. */
async function scan(
  source: ModuleSource,
  project: string,
  draft: string,
): Promise<string> {
  const dist = path.join(project, "node_modules/@dagger.io/dagger/dist/src")
  const copy = path.join(draft, "src")
  const client = path.join(draft, "client.gen.ts")
  await cp(path.join(source.source, "src"), copy, { recursive: true })
  await cp(path.join(dist, "api/client.gen.d.ts"), client)
  const program = "module/entrypoint/introspection_entrypoint.js"
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(dist, program), source.name, copy, client],
      { env: { DRY_RUN: "1" }, maxBuffer: 2 ** 26 },
    )
    const json = stdout.slice(stdout.indexOf("{"))
    const definition = fromScan(source.name, JSON.parse(json) as Scan)
    if (!definition.objects[definition.main]) {
      throw new Error(`it exports no class ${definition.main} with @object().`)
    }
    return JSON.stringify(definition)
  } catch (error) {
    throw new EngineError(
      `The functions of ${source.name} cannot be read: ${reason(error)}`,
    )
  }
}

/** The line of a failed introspection that names the trouble. */
function reason(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string }
  const line = stderr?.split("\n").find((text) => /Error: /.test(text))
  return line?.replace(/^.*?Error: /, "") ?? message
}

async function bundle(
  source: ModuleSource,
  project: string,
  draft: string,
): Promise<void> {
  const index = path.join(source.source, "src", "index.ts")
  const runtime = path.join(project, "engine/module/runtime.ts")
  await build({
    stdin: {
      contents: `
        import * as module from ${JSON.stringify(index)}
        import { serve } from ${JSON.stringify(runtime)}
        import definition from "./definition.json"
        serve(module, definition)`,
      resolveDir: draft,
    },
    outfile: path.join(draft, "runtime.cjs"),
    bundle: true,
    // Names reach error messages; lines do not matter as much as start-up.
    keepNames: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
    nodePaths: [path.join(project, "node_modules")],
    external: ["./definition.json"],
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    plugins: [oneSdk(project)],
  }).catch((error: Error) => {
    throw new EngineError(`${source.name} does not bundle: ${error.message}`)
  })
}

/**
 * The module and the runtime share this project's SDK, whatever copy lies
 * beside the module; the SDK's own entrypoint, which drags in the TypeScript
 * compiler, is left out: `runtime.ts` stands in its place.
 */
function oneSdk(project: string): Plugin {
  const index = path.join(
    project,
    "node_modules/@dagger.io/dagger/dist/src/index.js",
  )
  return {
    name: "one-sdk",
    setup(build) {
      build.onResolve({ filter: /^@dagger\.io\/dagger$/ }, () => ({
        path: index,
      }))
      build.onResolve({ filter: /entrypoint\/entrypoint\.js$/ }, () => ({
        path: "entrypoint",
        namespace: "left-out",
      }))
      build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
        contents: "export const entrypoint = undefined",
      }))
    },
  }
}
