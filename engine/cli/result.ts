import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { EngineError, hasCode } from "../errors.js"
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
  const text = Array.isArray(value)
    ? value.map(written).join("\n")
    : written(value)
  return text === "" || text.endsWith("\n") ? text : `${text}\n`
}

/** An object of the module has no text of its own: its fields do. */
function written(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

/**
 * Saves the text of a result: `-o FILE`. Folders that it needs are made.
 *
 * @returns where it is
 */
export async function save(text: string, file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text).catch((error) => {
    if (!hasCode(error, "EISDIR")) throw error
    throw new EngineError(`${file} is a folder: --output takes a file here.`)
  })
  return file
}
