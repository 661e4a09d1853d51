import { contents } from "./contents.js"
import { duplicates, fileNames, identical, sizes } from "./files.js"
import { described, metadata } from "./metadata.js"
import { identity, permission } from "./permission.js"
import type { Broken, Rule, Upload } from "./upload.js"

/** In the order in which the index asks. */
const BEFORE_IDENTICAL = [
  ...identity,
  ...metadata,
  ...permission,
  ...described,
  ...fileNames,
  ...sizes,
]
const AFTER_IDENTICAL = [...duplicates, ...contents]

function first(rules: Rule[], upload: Upload): Broken | undefined {
  for (const rule of rules) {
    const broken = rule(upload)
    if (typeof broken === "string") return { id: broken }
    if (typeof broken === "object") return broken
  }
  return undefined
}

/** What is wrong with an upload, if anything; identical bytes are not. */
export function brokenRule(upload: Upload): Broken | undefined {
  const before = first(BEFORE_IDENTICAL, upload)
  if (before !== undefined || identical(upload)) return before
  return first(AFTER_IDENTICAL, upload)
}
