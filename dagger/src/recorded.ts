import type { NamedFile } from "./dist.js"
import { MANIFEST, type Manifest } from "./manifest.js"
import { named } from "./ref.js"
import { normalisedName, sameVersion } from "./spelling.js"
import { readTag } from "./tag.js"

/**
 * Why a folder is not what its manifest says, in sentences; none where it is.
 * Bytes are compared by the check `recorded`, which reads them.
 */
export function recordRefusals(
  { project, version, edited }: Manifest,
  { project: name, version: other }: NamedFile,
): string[] {
  const same =
    normalisedName(project) === normalisedName(name) &&
    sameVersion(version, other)
  const rows: [wrong: boolean, sentence: string][] = [
    [
      !same,
      `${MANIFEST} is of ${project} ${version}, and the files are of ${name} ${other}. Pass the folder as \`build\` gave it.`,
    ],
    [
      edited.length > 0,
      `The files were built from a work tree that was not the commit: ${named(edited)} changed. Commit or undo that, and build again.`,
    ],
  ]
  return rows.flatMap(([wrong, sentence]) => (wrong ? [sentence] : []))
}

/**
 * What else is in a folder, in sentences: wheels that were built elsewhere
 * may lie beside those of `build`, and nothing says what they are made of.
 */
export function recordNotices(
  { files }: Manifest,
  found: NamedFile[],
): string[] {
  const recorded = new Set(files.map(({ name }) => name))
  const others = found.filter(({ name }) => !recorded.has(name))
  const names = others.map(({ name }) => name)
  return names.length > 0
    ? [
        `${MANIFEST} does not name ${named(names)}: nothing says that these are bytes that were tested.`,
      ]
    : []
}

/** Why files are not those of a ref, in sentences; none where they may be. */
export function refRefusals(
  ref: string,
  { version }: Pick<NamedFile, "version">,
): string[] {
  const [, tag = ""] = /^refs\/tags\/(.+)$/.exec(ref) ?? []
  const read = readTag(tag)
  return read.kind === "release" && !sameVersion(read.version, version)
    ? [
        `--ref=${ref} is the release of ${read.version}, and the files are ${version}. Pass the folder of that tag's build, or the ref that these were built of.`,
      ]
    : []
}
