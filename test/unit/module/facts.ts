import type { Facts, GitFacts, SetupFiles } from "../../../dagger/src/facts.js"

/** A clean commit on main after a release. */
export const GIT: GitFacts = {
  commit: "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d",
  time: 1_700_000_000,
  branch: "main",
  shallow: false,
  edited: [],
  missing: [],
  tagsAtHead: [],
  tagsBehind: [],
  tagged: true,
  defaultBranch: null,
  onDefaultBranch: false,
  submodules: [],
}

/** Nothing in setup.cfg and setup.py. */
export const NO_SETUP: SetupFiles = {
  ...{ files: [], name: null, extras: [], dependent: false },
}

/** Facts of a repository with that pyproject.toml. */
export function factsWith(pyproject: string | null, git = {}): Facts {
  return {
    git: { ...GIT, ...git },
    dubious: false,
    gitFile: null,
    pyproject,
    settingsInSetup: false,
    tracked: true,
    setup: NO_SETUP,
    projects: [],
  }
}

/** The pyproject.toml of a project on setuptools-scm. */
export const SETUPTOOLS_SCM = `
[build-system]
requires = ["setuptools>=64", "setuptools_scm[toml]>=8"]
build-backend = "setuptools.build_meta"

[project]
name = "Demo.Pkg"
dynamic = ["version"]
`
