import type { Facts, SetupFiles } from "./facts.js"
import { PROVIDERS, type ProviderId } from "./provider.js"
import { type Table, table, text } from "./toml.js"

/**
 * Whether setuptools takes a project's metadata from setup.cfg and setup.py:
 * where pyproject.toml has [project], that is all it reads.
 */
export function isClassic(
  pyproject: Table,
  backend: string,
  { setup }: Pick<Facts, "setup">,
): boolean {
  return (
    !("project" in pyproject) &&
    backend.split(".")[0] === "setuptools" &&
    setup.files.length > 0
  )
}

/** The sentence for a project whose version only a build could tell. */
export function unknownVersion({ files, name }: SetupFiles): Error {
  return new Error(
    `The version of ${name ?? "this project"} is in ${files.join(" or ")}, or made there, which only a build can tell. \`migrate\` lets it come from git, and leaves the rest of them as it is; or add [project] with name and version to pyproject.toml.`,
  )
}

/** What a project is that has its metadata in setup.cfg and setup.py. */
export interface Classic {
  name: string
  provider: ProviderId
  dependent: boolean
  extras: string[]
}

/**
 * Reads a project whose pyproject.toml has no [project].
 *
 * @throws a sentence where git does not make its version, or its name is
 *   computed
 */
export function readClassic(
  pyproject: Table,
  setup: SetupFiles,
  file: string,
): Classic {
  const provider = "setuptools-scm"
  if (!PROVIDERS[provider].named(pyproject)) throw unknownVersion(setup)
  const settings = table(table(pyproject.tool).setuptools_scm)
  const name = text(settings.dist_name) ?? setup.name
  if (name !== null) {
    const { dependent, extras } = setup
    return { name, provider, dependent, extras }
  }
  throw new Error(
    `The project's name is computed in ${setup.files.join(" or ")}, which only a build does. Write it there as text, such as setup(name="…"), or as dist_name = "…" in [tool.setuptools_scm] in ${file}.`,
  )
}
