import { resolve } from "node:path"

/** The repository's root: npm runs scripts, and vitest its tests, from there. */
export const root = resolve(".")
