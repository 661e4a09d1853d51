/** What git says of the source folder, as tools/facts.py prints it. */
export interface GitFacts {
  /** Full id of HEAD; null before the first commit. */
  commit: string | null
  /** Commit time, in seconds since 1970. */
  time: number
  /** Short branch name; null where HEAD is detached. */
  branch: string | null
  shallow: boolean
  /** Tracked files whose content is not that of HEAD. */
  edited: string[]
  /** Those of them that are not there. */
  missing: string[]
  tagsAtHead: string[]
  /** Tags of commits that HEAD descends from. */
  tagsBehind: string[]
  /** Whether the repository has any tag at all. */
  tagged: boolean
  /** Full name, looked up where HEAD has a tag; null where not known. */
  defaultBranch: string | null
  onDefaultBranch: boolean
  /** Submodules that are not checked out. */
  submodules: string[]
}

/** What setup.cfg and setup.py say, as tools/setup_files.py reads them. */
export interface SetupFiles {
  /** Those of the two that are there. */
  files: string[]
  /** The project's name; null where it is nowhere, or computed. */
  name: string | null
  extras: string[]
  /** Whether installing it installs other projects, as far as is written. */
  dependent: boolean
}

/** Everything known of a source folder before anything is decided. */
export interface Facts {
  /** null where the folder is not the top of a git repository. */
  git: GitFacts | null
  /** Whether git leaves the repository alone, as somebody else owns it. */
  dubious: boolean
  /** Text of `.git` where that is a file: a linked worktree, a submodule. */
  gitFile: string | null
  /** Text of `pyproject.toml`; null where there is none. */
  pyproject: string | null
  /** Whether git tracks it. */
  tracked: boolean
  /** Whether setup.py gives setuptools-scm settings (`use_scm_version`). */
  settingsInSetup: boolean
  setup: SetupFiles
  /** Folders below that do have a pyproject.toml. */
  projects: string[]
}

/** A commit that can be built: the facts left after the refusals below. */
export interface Commit extends GitFacts {
  commit: string
}

/**
 * The commit to build from, or a sentence saying why there is none.
 *
 * Shallow clones are refused because setuptools-scm answers 0.1.dev1 for them
 * without an error (pypa/setuptools-scm#414), and 0.1.dev0 for repositories
 * that git calls dubious.
 *
 * @param left - folder names that a call leaves out of the source: what git
 *   tracks in them is missing, and reads as an edit
 */
export function readCommit(facts: Facts, left: string[] = []): Commit {
  const { git, gitFile } = facts
  if (facts.dubious) {
    throw new Error(
      "git leaves the repository alone, as it belongs to another user (`dubious ownership`), and no version can be told. Make the folder yours (`chown -R`), or run `git config --system --add safe.directory '*'` on that machine.",
    )
  }
  if (git === null) {
    throw new Error(
      gitFile === null
        ? "The source folder is not a git repository. Pass the folder that holds .git with --source, and the package inside it with --path."
        : `The source folder is a linked worktree or a submodule: its .git is a file (${gitFile.trim()}), and what it points to is outside the folder. Pass a full clone with --source.`,
    )
  }
  if (git.commit === null) {
    throw new Error(
      "The repository has no commit yet, so there is nothing to release. Commit first.",
    )
  }
  if (facts.pyproject !== null && !facts.tracked) {
    throw new Error(
      "git does not track the project's pyproject.toml, so no release would have it. Add it (`git add`), and commit.",
    )
  }
  if (git.shallow) {
    throw new Error(
      "The repository is a shallow clone, so the tags behind it cannot be counted. Run `git fetch --unshallow --tags`, or set `fetch-depth: 0` in actions/checkout.",
    )
  }
  if (git.submodules.length > 0) {
    throw new Error(
      `Submodules are not checked out: ${git.submodules.join(", ")}. Run \`git submodule update --init --recursive\`, or set \`submodules: recursive\` in actions/checkout.`,
    )
  }
  const lost = git.missing.filter((path) =>
    path.split("/").some((part) => left.includes(part)),
  )
  if (lost.length > 0) {
    throw new Error(
      `git tracks files that the call leaves out of the source: ${lost.slice(0, 10).join(", ")}. They would be missing in the release. Remove them from git (\`git rm -r --cached\`), as they are made, not written; or move them to a folder with another name.`,
    )
  }
  return { ...git, commit: git.commit }
}
