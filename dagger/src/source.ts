import type { Container, Directory } from "@dagger.io/dagger"
import { base, SOURCE, withTools } from "./container.js"
import { type Commit, type Facts, readCommit } from "./facts.js"
import { type Project, packagePath, readProject } from "./project.js"
import { ask } from "./tool.js"

/** A project in a repository, as every function is given it. */
export interface Source {
  /** The top of the repository, with .git. */
  directory: Directory
  /** The package inside it, `.` where they are one. */
  path: string
  project: Project
  commit: Commit
}

/** Mounts the repository, and works in the package's folder. */
export function withSource({ directory, path }: Source) {
  return (container: Container): Container =>
    container
      .withMountedDirectory(SOURCE, directory)
      .withWorkdir(path === "." ? SOURCE : `${SOURCE}/${path}`)
}

/**
 * Reads a source folder.
 *
 * @throws a sentence where it is no repository, no project, or no commit that
 *   can be built
 */
export async function readSource(
  directory: Directory,
  path: string,
): Promise<Source> {
  const inside = packagePath(path)
  const facts = await ask<Facts>(
    base().with(withTools("facts.py")).withMountedDirectory(SOURCE, directory),
    "Reading the repository",
    ["python", "/tools/facts.py", "--root", SOURCE, "--path", inside],
  )
  const project = readProject(facts, inside)
  return { directory, path: inside, project, commit: readCommit(facts) }
}
