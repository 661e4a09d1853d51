import type { Container, Directory } from "@dagger.io/dagger"
import { base, SOURCE, withTools } from "./container.js"
import { type Commit, type Facts, readCommit } from "./facts.js"
import { type Project, packagePath, readProject } from "./project.js"
import { type Build, buildOf } from "./ref.js"
import { ask } from "./tool.js"

/** Where a project is. */
export interface Located {
  /** The top of the repository, with .git. */
  directory: Directory
  /** The package inside it, `.` where they are one. */
  path: string
}

/** A project in a repository, as every function is given it. */
export interface Source extends Located {
  project: Project
  commit: Commit
  /** What is built of the commit: a tag's release, or a dev version. */
  build: Build
}

/** Mounts the repository, and works in the package's folder. */
export function withSource({ directory, path }: Located) {
  return (container: Container): Container =>
    container
      .withMountedDirectory(SOURCE, directory)
      .withWorkdir(path === "." ? SOURCE : `${SOURCE}/${path}`)
}

/** Folders that no project tracks; left out, they do not change a call. */
export const IGNORE = [
  "**/.venv",
  "**/.tox",
  "**/.nox",
  "**/node_modules",
  "**/__pycache__",
  "**/.mypy_cache",
  "**/.pytest_cache",
  "**/.ruff_cache",
]

/** Names of the folders that a call leaves out. */
export function ignoredNames(): string[] {
  return IGNORE.map((glob) => glob.replace("**/", ""))
}

/** What git and pyproject.toml say of a source folder (tools/facts.py). */
export function readFacts(directory: Directory, path: string): Promise<Facts> {
  return ask<Facts>(
    base()
      .with(withTools("facts.py", "repository.py", "setup_files.py"))
      .withMountedDirectory(SOURCE, directory),
    "Reading the repository",
    ["python", "/tools/facts.py", "--root", SOURCE, "--path", path],
  )
}

/**
 * Reads a source folder.
 *
 * @param ref - the full ref that is built; empty where HEAD decides
 * @throws a sentence where it is no repository, no project, or no commit that
 *   can be built
 */
export async function readSource(
  directory: Directory,
  path: string,
  ref: string = "",
): Promise<Source> {
  const inside = packagePath(path)
  const facts = await readFacts(directory, inside)
  const project = readProject(facts, inside)
  const commit = readCommit(facts, ignoredNames())
  const build = buildOf({ ref, project, commit })
  return { directory, path: inside, project, commit, build }
}
