import type { ChainContext } from "./chain.js"
import { field } from "./queries.js"
import type { Result } from "./result.js"

/**
 * What a changeset at the end of a chain comes to: a patch on stdout, or with
 * `apply` the changes in the caller's folder, as `dagger call` does when it is
 * told `--auto-apply`.
 */
export async function finishChangeset(
  { session, view, apply }: Pick<ChainContext, "session" | "view" | "apply">,
  id: string,
): Promise<Result> {
  const changeset = { type: "Changeset", id }
  if (apply) {
    await field(session, changeset, 'export(path: ".")')
    return { type: { kind: "void" }, value: null }
  }
  view.say('Nothing is written: "export --path=DIR" or --auto-apply does it.\n')
  const patch = await field(session, changeset, "asPatch { contents }")
  return { type: { kind: "string" }, value: patch }
}
