import { type Table, table } from "../toml.js"
import type { VersionModule } from "./literals.js"
import type { MigrationRequest } from "./plan.js"

/** What comes after 0.5.4 is 0.6.0.devN; on a branch 0.5 it is 0.5.5.devN. */
const NEXT_MINOR = "semver-pep440-release-branch"

/** Old names of settings, as setuptools-scm writes them by now. */
const RENAMED: Record<string, string> = { tag_regex: "regex" }

/** Settings that make no sense once the backend is setuptools. */
const DROPPED = new Set([
  ...["version_file", "write_to", "root", "template"],
  ...["version_file_template", "write_to_template"],
])

/** `../..` from packages/demo to the top of the repository. */
function rootFrom(path: string): string {
  return path
    .split("/")
    .map(() => "..")
    .join("/")
}

/**
 * [tool.setuptools_scm], with the next-minor scheme. A project whose version
 * came from git keeps the settings it had, and with them a scheme that it
 * chose; what was only its tool's default gives way (notes.ts says so).
 *
 * @param prefix - what every release tag begins with
 */
export function scmTable(
  { path, settings }: MigrationRequest,
  version: VersionModule | undefined,
  prefix: string,
): Table {
  const kept = Object.entries(settings).filter(
    ([name]) => !DROPPED.has(name) && !(name in RENAMED) && name !== "tag",
  )
  const renamed = Object.entries(RENAMED).flatMap(([old, name]) =>
    old in settings ? [[name, settings[old]] as const] : [],
  )
  const free = renamed.length === 0 && !("tag" in settings)
  return {
    ...(path !== "." && { root: rootFrom(path) }),
    ...(version !== undefined && { version_file: version.path }),
    ...(version?.template !== undefined && {
      version_file_template: version.template,
    }),
    version_scheme: NEXT_MINOR,
    ...Object.fromEntries(kept),
    tag: {
      ...(free && prefix !== "" && { prefix }),
      strict: true,
      ...table(settings.tag),
      ...Object.fromEntries(renamed),
    },
  }
}
