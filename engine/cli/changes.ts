import type { ObjectDefinition } from "../module/definitions.js"
import type { FindObject } from "./arguments.js"
import { callCore, type Queryable } from "./queries.js"
import type { Result } from "./result.js"

/**
 * What a changeset at the end of a chain comes to: a patch on stdout, or with
 * `apply` the changes in the caller's folder, as `dagger call` does when it is
 * told `--auto-apply`.
 */
export async function finishChangeset(
  session: Queryable,
  id: string,
  find: FindObject,
  apply: boolean,
): Promise<Result> {
  const call = async (
    object: { type: string; id: string },
    name: string,
    values: Record<string, unknown> = {},
  ): Promise<Result> => {
    const callee = field(find(object.type), name)
    const value = await callCore(session, object, callee, values, {})
    return { type: callee.returns, value }
  }
  const changeset = { type: "Changeset", id }
  if (apply) {
    await call(changeset, "export", { path: "." })
    return { type: { kind: "void" }, value: null }
  }
  const patch = await call(changeset, "asPatch")
  return call({ type: "File", id: String(patch.value) }, "contents")
}

function field(object: ObjectDefinition | undefined, name: string) {
  const found = object?.functions[name]
  if (!found) {
    throw new Error(`The schema has no ${name}.`)
  }
  return found
}
