import path from "node:path"
import { namedType } from "../module/definitions.js"
import type { Link } from "./arguments.js"
import { kebab } from "./names.js"
import { UsageError } from "./usage.js"

/**
 * Refuses to apply a changeset here that is of another folder. `dagger call`
 * applies every changeset where the call stands, so `--source=../other` would
 * write that project's files over the ones that are here.
 *
 * @throws UsageError naming the folder, and what to do instead
 */
export function refuseElsewhere(chain: Link[], cwd: string): void {
  const last = chain.at(-1)
  if (!last || namedType(last.function.returns) !== "Changeset") return
  for (const parameter of last.function.parameters) {
    // Such a folder is the one that is worked on, whatever else is given.
    if (parameter.defaultPath === undefined) continue
    const given = last.flags.get(parameter.name)?.at(-1)
    const isHere = given === undefined || path.resolve(cwd, given) === cwd
    if (isHere || given.includes("://")) continue
    throw new UsageError(
      `--auto-apply changes the folder that the call stands in, which is not --${kebab(parameter.name)}=${given}. End the call with "export --path=${given}" instead.`,
    )
  }
}
