import { readFileSync, realpathSync } from "node:fs"
import path from "node:path"
import type { BuildFailure, Message, Plugin } from "esbuild"
import { EngineError } from "../errors.js"
import type { ModuleDefinition } from "./definitions.js"
import { oneSdk } from "./sdk.js"
import { type ModuleSource, sourceFiles } from "./source.js"

/**
 * Makes `runtime.code.cjs`, the module, its SDK and the program that serves
 * them in one file, and `runtime.cjs`, which loads it. `definition.json` is
 * read from beside them.
 *
 * @param packages the folder of the module's packages, where it has any
 * @throws EngineError with what the bundler says, and where
 */
export async function bundle(
  source: ModuleSource,
  definition: ModuleDefinition,
  project: string,
  draft: string,
  packages?: string,
): Promise<void> {
  const runtime = path.join(project, "engine/module/runtime.ts")
  const classes = exportedClasses(source, definition)
  // Calls of a module that is made already have no use for a bundler.
  const { build } = await import("esbuild")
  await build({
    entryPoints: [path.join(project, "engine/module/load.ts")],
    outfile: path.join(draft, "runtime.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
  })
  await build({
    stdin: {
      contents: `
        ${classes.map(({ name, file }) => `import { ${name} } from ${JSON.stringify(file)}`).join("\n")}
        import { serve } from ${JSON.stringify(runtime)}
        import definition from "./definition.json"
        serve({ ${classes.map(({ name }) => name).join(", ")} }, definition)`,
      resolveDir: draft,
    },
    absWorkingDir: source.root,
    outfile: path.join(draft, "runtime.code.cjs"),
    bundle: true,
    // Names reach error messages; lines do not matter as much as start-up.
    keepNames: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
    nodePaths: [packages ?? [], path.join(project, "node_modules")].flat(),
    external: ["./definition.json"],
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    plugins: [oneSdk(project), ownFiles([source.source, project, draft])],
  }).catch((error: BuildFailure) => {
    const reasons = error.errors.map((message) => reason(message, source))
    throw new EngineError(
      `${source.name} cannot be bundled: ${reasons.join("\n")}`,
    )
  })
}

/** The module's classes and the file of each: it need not be `index.ts`. */
function exportedClasses(
  source: ModuleSource,
  { objects }: ModuleDefinition,
): { name: string; file: string }[] {
  const files = sourceFiles(source.source).map((file) => ({
    file,
    text: readFileSync(file, "utf8"),
  }))
  return Object.keys(objects).flatMap((name) => {
    const exported = new RegExp(
      `^\\s*export (abstract )?class ${name}\\b|^\\s*export \\{[^}]*\\b${name}\\b`,
      "m",
    )
    const found = files.find(({ text }) => exported.test(text))
    return found ? [{ name, file: found.file }] : []
  })
}

/** E.g. `src/index.ts:3: Could not resolve "./nowhere.js"`. */
function reason({ text, location }: Message, { source }: ModuleSource): string {
  const place = location ? `${location.file}:${location.line}: ` : ""
  const isPackage = /^Could not resolve "[^./]/.test(text)
  const wayOut = isPackage
    ? `. Name it among the dependencies in ${path.join(source, "package.json")}`
    : ""
  return `${place}${text}${wayOut}.`
}

/**
 * A module is made of its own files: an import of another file of this machine
 * would carry it into the module's process.
 */
function ownFiles(folders: string[]): Plugin {
  const own = folders.map((folder) => `${realpathSync(folder)}${path.sep}`)
  return {
    name: "own-files",
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: "file" }, ({ path: file }) =>
        own.some((folder) => file.startsWith(folder))
          ? undefined
          : {
              errors: [
                { text: `${file} lies outside the module: copy it into src` },
              ],
            },
      )
    },
  }
}
