import { execFile } from "node:child_process"
import { cp } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { EngineError } from "../errors.js"
import type { ModuleDefinition } from "./definitions.js"
import { fromScan, type Scan } from "./scan.js"
import type { ModuleSource } from "./source.js"

/**
 * What can be called in a module, by the SDK's own introspection of a copy of
 * its sources. None of the module's code runs.
 *
 * @throws EngineError with the introspection's own reason, and where it is
 */
export async function introspect(
  source: ModuleSource,
  project: string,
  draft: string,
): Promise<ModuleDefinition> {
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
      throw new Error(
        `src/index.ts exports no class ${definition.main} with @object().`,
      )
    }
    return definition
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string }
    throw new EngineError(
      `The functions of ${source.name} cannot be read: ${reason(stderr, copy) ?? message}`,
    )
  }
}

/**
 * The line of a failed introspection that names the trouble, with the place
 * in the module's own sources: `src/index.ts:12:5`.
 */
export function reason(stderr: string, copy: string): string | undefined {
  const line = stderr.split("\n").find((text) => /Error: /.test(text))
  return line
    ?.replace(/^.*?Error: /, "")
    .replaceAll(`${copy}${path.sep}`, "src/")
}
