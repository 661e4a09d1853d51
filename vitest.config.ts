import { readFileSync } from "node:fs"
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

export default defineConfig({
  plugins: [texts],
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    globalSetup: [],
    coverage: {
      provider: "v8",
      include: ["dagger/src/**/*.ts", "engine/**/*.ts"],
      reporter: ["text-summary", "json-summary", "html"],
      reportsDirectory: "coverage",
    },
  },
})
