import path from "node:path"
import type { Plugin } from "esbuild"

/** A part of the SDK that a module's process has no use for. */
interface LeftOut {
  file: RegExp
  /** What stands in its place. */
  contents: string
}

/** Three quarters of the bundle, and of its start. */
const LEFT_OUT: LeftOut[] = [
  {
    // Drags in the TypeScript compiler; `runtime.ts` stands in its place.
    file: /\/module\/entrypoint\/entrypoint\.js$/,
    contents: "export const entrypoint = undefined",
  },
  {
    // OpenTelemetry's exporters. They wait for variables that begin with
    // OTEL_, and a module's process has none of the caller's.
    file: /\/telemetry\/init\.js$/,
    contents: `export class DaggerOtelConfigurator {
      initialize() {}
      async close() {}
    }`,
  },
  {
    // Downloads an engine where there is no session.
    file: /\/provisioning\/index\.js$/,
    contents: `export function withEngineSession() {
      throw new Error("this process has no session")
    }`,
  },
]

/**
 * The module and the runtime share this project's SDK, whatever copy lies
 * beside the module.
 */
export function oneSdk(project: string): Plugin {
  const sdk = path.join(project, "node_modules/@dagger.io/dagger/dist/src")
  return {
    name: "one-sdk",
    setup(build) {
      build.onResolve({ filter: /^@dagger\.io\/dagger$/ }, () => ({
        path: path.join(sdk, "index.js"),
      }))
      for (const { file, contents } of LEFT_OUT) {
        build.onLoad({ filter: file }, ({ path: place }) =>
          place.startsWith(sdk) ? { contents } : undefined,
        )
      }
    },
  }
}
