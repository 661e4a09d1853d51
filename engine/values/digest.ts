import { createHash } from "node:crypto"

/** What a value is made of: plain data, nested. */
export type Part =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Part[]
  | { readonly [key: string]: Part }

// To be raised when the same steps come to give something else than before:
// what older versions of the engine left in the store is not taken then.
const REVISION = 3

/**
 * The sha256 (hex) of how a value was made. Equal parts give equal digests,
 * whatever the order of keys; `undefined` members count as absent.
 *
 * @example digestOf("withNewFile", parent.digest, "/a", "text")
 */
export function digestOf(kind: string, ...parts: Part[]): string {
  return createHash("sha256")
    .update(canonical([REVISION, kind, ...parts]))
    .digest("hex")
}

function canonical(part: Part): string {
  if (Array.isArray(part)) {
    return `[${part.map(canonical).join(",")}]`
  }
  if (typeof part === "object" && part !== null) {
    const entries = Object.entries(part as Record<string, Part>)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries
      .map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`)
      .join(",")}}`
  }
  return JSON.stringify(part) ?? "null"
}
