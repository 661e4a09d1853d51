import type { Changeset, Directory } from "@dagger.io/dagger"
import { base, SOURCE } from "./container.js"
import { readCommit } from "./facts.js"
import { isMigrated, nameOf } from "./migration/old.js"
import { type PastState, stateBefore } from "./migration/past.js"
import {
  draft,
  editedBy,
  folderIn,
  type MigrateRequest,
  migrator,
  PYTHON,
} from "./migration-draft.js"
import { packagePath } from "./project.js"
import { ignoredNames, readFacts } from "./source.js"
import { parseToml } from "./toml.js"
import { ask } from "./tool.js"

/** The repository as it was before its migration. */
async function checkedOut(
  { directory, path }: MigrateRequest,
  name: string,
): Promise<Directory> {
  const states = await ask<PastState[]>(
    migrator().withMountedDirectory(SOURCE, directory),
    "Reading the history",
    [
      ...[...PYTHON, "migration.undo", "history"],
      ...["--source", folderIn(SOURCE, path)],
    ],
  )
  const revision = stateBefore(states, name)
  return base()
    .withMountedDirectory(SOURCE, directory)
    .withExec(["git", "clone", "--quiet", "--no-hardlinks", SOURCE, "/old"])
    .withWorkdir("/old")
    .withExec(["git", "checkout", "--quiet", "--detach", revision])
    .directory("/old")
}

/**
 * The inverse of a migration: it is made again from the commit before it, and
 * its edits are taken out of what is there now. What came after it stays.
 *
 * @throws a sentence where there is no such commit, or lines that the
 *   migration changed were changed again
 */
export async function undoMigration(
  request: MigrateRequest,
): Promise<{ changes: Changeset; said: string }> {
  const { directory, python } = request
  const path = packagePath(request.path)
  const now = await readFacts(directory, path)
  const pyproject = parseToml(now.pyproject ?? "", "pyproject.toml")
  const name = nameOf(pyproject) ?? now.setup.name ?? "The project"
  if (!isMigrated(pyproject)) {
    const said = `${name} is not migrated; there is nothing to undo.`
    return { changes: directory.changes(directory), said }
  }
  readCommit(now, ignoredNames())
  const old = await checkedOut({ directory, path, python }, name)
  const facts = await readFacts(old, path)
  const commit = readCommit(facts, ignoredNames())
  const asked = { directory: old, path, python }
  const { after, edited } = await draft(asked, facts, commit)
  const { edited: undone, after: back } = await editedBy(
    migrator()
      .withMountedDirectory("/old", old)
      .withMountedDirectory("/new", after)
      .withMountedDirectory(SOURCE, directory),
    "Undoing the migration",
    [
      ...[...PYTHON, "migration.undo", "merge"],
      ...["--before", folderIn("/old", path)],
      ...["--after", folderIn("/new", path)],
      ...["--now", folderIn(SOURCE, path)],
    ],
    edited,
    { directory, path },
  )
  const files = [...undone.changed, ...undone.deleted].join(", ")
  const said = `${name}: the migration is undone in ${files}.`
  return { changes: back.changes(directory), said }
}
