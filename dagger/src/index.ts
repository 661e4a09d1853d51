/**
 * From a git commit to a Python release that people can install.
 *
 * Versions come from git, sdist and wheel are the same bytes on every machine,
 * and what is published is what was tested and verified, by hash.
 *
 *     dagger call version --source=.
 *     dagger call build --source=. export --path=dist
 *     dagger call publish --source=. --index=rehearsal
 */
import { argument, type Directory, func, object } from "@dagger.io/dagger"
import { buildDist } from "./build.js"
import { DEFAULT_PYTHON } from "./container.js"
import { readSource } from "./source.js"
import { versionOf } from "./version.js"

/** Folders that no project tracks; left out, they do not change a call. */
const IGNORE = [
  "**/.venv",
  "**/.tox",
  "**/.nox",
  "**/node_modules",
  "**/__pycache__",
  "**/.mypy_cache",
  "**/.pytest_cache",
  "**/.ruff_cache",
]

/** Versions, builds, tests, verifies and publishes Python projects. */
@object()
export class PypiDeploy {
  /**
   * The version that this commit deploys as, e.g. 0.6.0.dev23.
   *
   * At a release tag (v0.6.0, v0.6.0rc1) the tag's version; elsewhere what
   * setuptools-scm or hatch-vcs makes of the tags behind the commit; for a
   * project with a version in pyproject.toml, that one.
   *
   *     dagger call version --source=.
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to ask with
   * @param local Keep the local part: 0.6.0.dev23+g1a2b3c4d5
   */
  @func()
  async version(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    local: boolean = false,
  ): Promise<string> {
    return versionOf(await readSource(source, path), python, local)
  }

  /**
   * The sdist, and the wheel built from that sdist: the same bytes for the
   * same commit, in any folder and under any umask. Untracked files are left
   * out; edits of tracked files are in. Beside them pypi-deploy.json, with
   * version, commit, build tools, and the sha256 of each file.
   *
   *     dagger call build --source=. export --path=dist
   *
   * @param source The repository, with .git
   * @param path The package inside the repository
   * @param python The interpreter to build with
   * @param local Keep the version's local part, which indexes refuse
   */
  @func()
  async build(
    @argument({ defaultPath: "/", ignore: IGNORE }) source: Directory,
    path: string = ".",
    python: string = DEFAULT_PYTHON,
    local: boolean = false,
  ): Promise<Directory> {
    const options = { python, local }
    return (await buildDist(await readSource(source, path), options)).directory
  }
}
