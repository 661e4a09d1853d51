import { field, type Queryable } from "./queries.js"
import type { Result } from "./result.js"

/** What a change is called, and the mark that a diff has for it. */
const MARKS = [
  ["addedPaths", "+"],
  ["modifiedPaths", "~"],
  ["removedPaths", "-"],
] as const

/**
 * The files that a changeset would change, a line each: what a call shows
 * that does not say where to apply it.
 */
export async function preview(session: Queryable, id: string): Promise<Result> {
  const lists = await Promise.all(
    MARKS.map(async ([name, mark]) => {
      const paths = await field(session, { type: "Changeset", id }, name)
      return (paths as string[]).map((path) => `${mark} ${path}`)
    }),
  )
  return {
    type: { kind: "list", of: { kind: "string" } },
    value: lists.flat(),
  }
}
