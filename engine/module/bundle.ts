import path from "node:path"
import { build, type Plugin } from "esbuild"
import { EngineError } from "../errors.js"
import type { ModuleSource } from "./source.js"

/**
 * Makes `runtime.cjs`: the module, its SDK and the program that serves them, in
 * one file. `definition.json` is read from beside it.
 *
 * @throws EngineError with what the bundler says
 */
export async function bundle(
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
