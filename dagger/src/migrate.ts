import type { Changeset } from "@dagger.io/dagger"
import { runBuild } from "./build.js"
import { base, SOURCE } from "./container.js"
import type { DistFolder } from "./dist.js"
import { type Commit, type Facts, readCommit } from "./facts.js"
import { OLD_BACKENDS } from "./migration/backends.js"
import { type Difference, judge } from "./migration/differences.js"
import { isMigrated, nameOf } from "./migration/old.js"
import {
  MIGRATION_SCHEMA,
  type MigrationReport,
  nothingToDo,
} from "./migration/report.js"
import {
  type Draft,
  draft,
  folderIn,
  type MigrateRequest,
  migrator,
  PYTHON,
} from "./migration-draft.js"
import { packagePath, readProject } from "./project.js"
import { ignoredNames, readFacts } from "./source.js"
import { parseToml } from "./toml.js"
import { ask } from "./tool.js"

/** A migration, done in a copy. */
export interface Migration {
  report: MigrationReport
  changes: Changeset
}

/** Builds the migrated source, as the version that the old backend made. */
async function rebuilt(
  { path, python }: MigrateRequest,
  facts: Facts,
  commit: Commit,
  { before, name, edited, after }: Draft,
): Promise<DistFolder> {
  const pyproject = await after
    .file(folderIn(path, "pyproject.toml"))
    .contents()
  // setup.py has it as text from now on, where it had computed it.
  const setup = { ...facts.setup, name }
  const project = readProject({ ...facts, pyproject, setup }, path)
  const files = [...edited.changed, ...edited.deleted]
  // The build leaves out what git does not track, new files too.
  const tracked = base()
    .withDirectory(SOURCE, after)
    .withWorkdir(folderIn(SOURCE, path))
    .withExec(["git", "add", "--all", "--force", "--", ...files])
    .directory(SOURCE)
  const { version } = before.manifest
  const build = { kind: "tag" as const, tag: "", version }
  const source = { directory: tracked, path, project, commit, build }
  return (await runBuild(source, { python, local: true })).dist
}

/** What the comparison of two distributions gives. */
interface Comparison {
  differences: Difference[]
  wheelFiles: number
  sdistFiles: number
}

function compared(before: DistFolder, after: DistFolder): Promise<Comparison> {
  const container = migrator()
    .withMountedDirectory("/before", before.directory)
    .withMountedDirectory("/after", after.directory)
  return ask<Comparison>(container, "Comparing before and after", [
    ...[...PYTHON, "migration.compare"],
    ...["--before", "/before", "--after", "/after"],
  ])
}

/**
 * Migrates a project in a copy: edits it, builds it before and after, and
 * compares the two.
 *
 * @throws one error with every difference that is not meant, and the setting
 *   that mends it
 */
export async function migrateProject(
  request: MigrateRequest,
): Promise<Migration> {
  const { directory } = request
  const path = packagePath(request.path)
  const asked = { ...request, path }
  const facts = await readFacts(directory, path)
  const pyproject = parseToml(facts.pyproject ?? "", "pyproject.toml")
  if (isMigrated(pyproject)) {
    const name = nameOf(pyproject) ?? facts.setup.name ?? "The project"
    const report = nothingToDo(name)
    return { report, changes: directory.changes(directory) }
  }
  const commit = readCommit(facts, ignoredNames())
  const made = await draft(asked, facts, commit)
  const { before, old, name, plan, edited, after } = made
  const dist = await rebuilt(asked, facts, commit, made)
  const comparison = await compared(before, dist)
  const judged = judge(comparison.differences, {
    ...{ ...plan, ...edited, from: old.backend },
  })
  const problems = [...plan.problems, ...judged.problems]
  if (problems.length > 0) {
    const list = problems.map((problem) => `    ${problem}`).join("\n")
    throw new Error(
      `${name} is not migrated: the result would not be what it was (${problems.length} ${problems.length === 1 ? "difference" : "differences"}).\n${list}\nNothing was changed. Write the settings into pyproject.toml, where they stay, and call again.`,
    )
  }
  const { wheelFiles, sdistFiles } = comparison
  const report: MigrationReport = {
    ...{ schema: MIGRATION_SCHEMA, project: name },
    ...{ from: OLD_BACKENDS[old.backend].name },
    version: before.manifest.version,
    compared: { wheel: wheelFiles, sdist: sdistFiles },
    ...{
      ...edited,
      differences: judged.meant,
      notes: plan.notes,
      tag: plan.tag,
    },
  }
  return { report, changes: after.changes(directory) }
}
