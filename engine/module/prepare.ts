import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { bundle } from "./bundle.js"
import type { ModuleDefinition } from "./definitions.js"
import { introspect } from "./introspect.js"
import { modulePackages } from "./packages.js"
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
    const packages = await modulePackages(source, project, notice)
    await make(source, project, folder, packages)
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
  packages: string | undefined,
): Promise<void> {
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  try {
    const definition = await introspect(source, project, draft)
    await bundle(source, definition, project, draft, packages)
    await writeFile(
      path.join(draft, "definition.json"),
      JSON.stringify(definition),
    )
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
