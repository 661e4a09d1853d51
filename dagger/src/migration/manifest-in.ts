import { unusedFolders } from "./layout.js"
import type { Survey } from "./survey.js"

/** Files that an sdist has whatever MANIFEST.in says. */
const ALWAYS = new Set(["pyproject.toml", "MANIFEST.in"])

/**
 * The lines of MANIFEST.in that leave out what the old sdist did not have.
 * setuptools-scm puts every tracked file into an sdist; none where that is
 * what the old backend did.
 *
 * @param where - the folder of the packages, which an sdist may do without
 * @param deleted - files that the migration deletes
 */
export function manifestLines(
  survey: Survey,
  where: string,
  deleted: string[],
): string[] {
  const had = new Set(survey.sdist.map((file) => file.path))
  const bare = (path: string) =>
    path.startsWith(`${where}/`) ? path.slice(where.length + 1) : path
  const tracked = survey.tracked.map((file) => file.path)
  const kept = tracked.filter(
    (path) => had.has(path) || had.has(bare(path)) || ALWAYS.has(path),
  )
  const left = tracked.filter(
    (path) => !kept.includes(path) && !deleted.includes(path),
  )
  const folders = unusedFolders(left, kept)
  const files = left.filter(
    (path) => !folders.some((folder) => path.startsWith(`${folder}/`)),
  )
  return [
    ...folders.map((folder) => `prune ${folder}`),
    ...files.map((file) => `exclude ${file}`),
  ]
}
