import { readdirSync, readFileSync } from "node:fs"
import { defineConfig, type Plugin } from "vitest/config"

/** Shell and GraphQL files are imported as texts, as the bundler does it. */
const texts: Plugin = {
  name: "texts",
  enforce: "pre",
  load(id) {
    return /\.(sh|graphql)$/.test(id)
      ? `export default ${JSON.stringify(readFileSync(id, "utf8"))}`
      : undefined
  },
}

/**
 * The files that decide: nothing in them waits, reads a file or asks an engine.
 * Each of their lines and branches is tested.
 */
const ACTS =
  /\bawait\b|\bPromise\b|@dagger\.io|"node:(child_process|fs|http|net|os)/

const deciding = ["dagger/src", "engine"]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => file.endsWith(".ts"))
  .filter((file) => !ACTS.test(readFileSync(file, "utf8")))

const onDagger = process.env.PYPI_DEPLOY_ENGINE === "dagger"

/** Copies in the place of overlays: everything takes longer. */
const inFolders = process.env.PYPI_DEPLOY_ISOLATION === "folder"

/** Tests of other people's pipelines, on the engine as they import it. */
const examples = ["examples/testing/*.test.ts"]

/** End-to-end tests that take minutes each: `npm run test:long`. */
const long = ["test/e2e/**/*.long.test.ts"]

/** What only the embedded engine has, and the Dagger engine cannot show. */
const embedded = onDagger ? ["test/e2e/engine/**"] : []

const throughAnEngine = {
  globalSetup: ["test/e2e/setup.ts"],
  // The Dagger engine takes seconds for what takes milliseconds here.
  testTimeout: onDagger || inFolders ? 600_000 : 120_000,
  hookTimeout: onDagger || inFolders ? 900_000 : 300_000,
}

export default defineConfig({
  plugins: [texts],
  test: {
    // Tests set the umask, which threads cannot.
    pool: "forks",
    maxWorkers: onDagger ? 1 : 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          // The servers among them are real, and machines can be busy.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts", ...(onDagger ? [] : examples)],
          exclude: [...long, ...embedded],
          ...throughAnEngine,
        },
      },
      {
        extends: true,
        test: {
          name: "long",
          include: long,
          exclude: embedded,
          ...throughAnEngine,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["dagger/src/**/*.ts", "engine/**/*.ts"],
      reporter: ["text-summary", "json-summary", "html"],
      reportsDirectory: "coverage",
      thresholds: {
        // Of the whole, by unit and end-to-end tests together; less than there
        // is by what one machine has and another lacks.
        ...{ lines: 90, statements: 90, functions: 90, branches: 90 },
        ...Object.fromEntries(deciding.map((file) => [file, { 100: true }])),
      },
    },
  },
})
