import { writeFile } from "node:fs/promises"
import path from "node:path"
import type { TypeReference } from "../module/definitions.js"

/** The end of a chain: a value, or the id of an object. */
export interface Result {
  type: TypeReference
  value: unknown
}

/** The text that stdout gets, e.g. a version with a new line after it. */
export function render({ type, value }: Result, json: boolean): string {
  if (json) {
    return `${JSON.stringify(value, null, 2)}\n`
  }
  if (type.kind === "void" || value === null || value === undefined) {
    return ""
  }
  const text = Array.isArray(value) ? value.map(String).join("\n") : `${value}`
  return text === "" || text.endsWith("\n") ? text : `${text}\n`
}

/** Saves a scalar result: `-o FILE`. */
export async function save(
  text: string,
  cwd: string,
  output: string,
): Promise<void> {
  await writeFile(path.resolve(cwd, output), text)
}
