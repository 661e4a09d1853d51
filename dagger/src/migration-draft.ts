import type { Container, Directory } from "@dagger.io/dagger"
import { runBuild } from "./build.js"
import { base, SOURCE, withLocked, withTools } from "./container.js"
import type { DistFolder } from "./dist.js"
import type { Commit, Facts } from "./facts.js"
import { type Taken, takenThoughIgnored } from "./migration/ignored.js"
import { type OldProject, readOld } from "./migration/old.js"
import { type Plan, planMigration } from "./migration/plan.js"
import { staysInSetup } from "./migration/setup-version.js"
import type { Survey } from "./migration/survey.js"
import { buildOf } from "./ref.js"
import type { Source } from "./source.js"
import { ask } from "./tool.js"

/** A project to migrate. */
export interface MigrateRequest {
  directory: Directory
  path: string
  python: string
}

/** What tools/migration/edit.py did. */
export interface Edited {
  changed: string[]
  deleted: string[]
}

/** A migration's edits, before they are proved. */
export interface Draft {
  before: DistFolder
  old: OldProject
  /** The project's name; a computed one is known from here on. */
  name: string
  plan: Plan
  edited: Edited
  /** The source with the edits. */
  after: Directory
}

const TOOLS = ["archives.py", "setup_files.py", "migration/*.py"]
/** How its tools are run: `PYTHON migration.survey`. */
export const PYTHON = ["/opt/migration/bin/python", "-m"]

/** The container of the migration's own tools. */
export function migrator(): Container {
  return base()
    .with(withLocked("migration"))
    .with(withTools(...TOOLS))
    .withEnvVariable("PYTHONPATH", "/tools")
}

/** A path in the package's folder, which lies in `root`. */
export function folderIn(root: string, path: string): string {
  return path === "." ? root : `${root}/${path}`
}

/** Builds the source as it is and says what it is made of. */
async function surveyed(source: Source, python: string, taken: Taken[]) {
  const built = await runBuild(source, { python, local: true })
  const survey = await ask<Survey>(
    migrator()
      .withMountedDirectory(SOURCE, source.directory)
      .withMountedDirectory("/before", built.dist.directory),
    "Looking at the project",
    [
      ...[...PYTHON, "migration.survey", "--before", "/before"],
      ...["--source", folderIn(SOURCE, source.path)],
      // As JSON: one that begins with a slash is no path.
      `--patterns=${JSON.stringify(taken.map(({ pattern }) => pattern))}`,
    ],
  )
  return { before: built.dist, survey }
}

/**
 * Edits `path` of a directory by a tool that writes what changed to /out, and
 * says what it did.
 *
 * @param what it is called for people
 * @param command without `--out`
 * @param input of the tool, on stdin
 */
export async function editedBy(
  container: Container,
  what: string,
  command: string[],
  input: object,
  { directory, path }: Pick<MigrateRequest, "directory" | "path">,
): Promise<{ edited: Edited; after: Directory }> {
  const asked = [...command, "--out", "/out"]
  const edited = await ask<Edited>(container, what, asked, input)
  const stdin = JSON.stringify(input)
  const out = container.withExec(asked, { stdin }).directory("/out")
  const after = directory
    .withDirectory(path, out)
    .withoutFiles(edited.deleted.map((file) => folderIn(path, file)))
  return { edited, after }
}

/** Decides and makes the edits. */
export async function draft(
  { directory, path, python }: MigrateRequest,
  facts: Facts,
  commit: Commit,
): Promise<Draft> {
  const old = readOld(facts, path)
  const { project } = old
  const build = buildOf({ ref: "", project, commit })
  const source = { directory, path, project, commit, build }
  const taken = takenThoughIgnored(old.backend, old.pyproject)
  const { before, survey } = await surveyed(source, python, taken)
  const name = staysInSetup(old.backend, old.pyproject)
    ? (survey.wheel.fields.Name?.[0] ?? project.name)
    : project.name
  const plan = planMigration({
    ...{ ...old, path, commit, survey, name },
    settings: project.settings,
  })
  const { edited, after } = await editedBy(
    migrator().withMountedDirectory(SOURCE, directory),
    "Editing the project",
    [...PYTHON, "migration.edit", "--source", folderIn(SOURCE, path)],
    plan.edits,
    { directory, path },
  )
  return { before, old, name, plan, edited, after }
}
