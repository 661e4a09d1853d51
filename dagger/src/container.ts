import { type Container, dag } from "@dagger.io/dagger"

/** The interpreter of everything that is not told another one. */
export const DEFAULT_PYTHON = "3.11"

/** Where the project's repository is mounted. */
export const SOURCE = "/src"

const UV = "0.13.8"
const CACHE = "/cache"

/**
 * Git reads these instead of the builder's own settings. The source belongs to
 * whoever called, which git would call dubious; hooks and file-system monitors
 * of that machine have no business here; a lock would change the source.
 */
const GIT = {
  GIT_CONFIG_COUNT: "3",
  GIT_CONFIG_KEY_0: "safe.directory",
  GIT_CONFIG_VALUE_0: "*",
  GIT_CONFIG_KEY_1: "core.hooksPath",
  GIT_CONFIG_VALUE_1: "/dev/null",
  GIT_CONFIG_KEY_2: "core.fsmonitor",
  GIT_CONFIG_VALUE_2: "false",
  GIT_OPTIONAL_LOCKS: "0",
}

/** The image's own interpreter, and one cache for whatever uv downloads. */
const UV_SETTINGS = {
  UV_CACHE_DIR: `${CACHE}/uv`,
  UV_PYTHON_DOWNLOADS: "never",
  UV_PYTHON_PREFERENCE: "only-system",
  UV_NO_CONFIG: "1",
  UV_NO_PROGRESS: "1",
}

/** Checks the form of an interpreter's version, such as `3.11`. */
export function pythonVersion(python: string, flag = "--python"): string {
  if (/^3\.\d+$/.test(python)) return python
  throw new Error(
    `${flag}=${python} is no version of Python. Pass major and minor number, such as ${flag}=${DEFAULT_PYTHON}.`,
  )
}

/** Sets environment variables, in the order given. */
export function withEnvironment(variables: Record<string, string>) {
  return (container: Container): Container =>
    Object.entries(variables).reduce(
      (changed, [name, value]) => changed.withEnvVariable(name, value),
      container,
    )
}

/**
 * The one base of every container: uv's own image, with that Python, git and
 * a C compiler. `/cache` is a cache volume: uv's downloads, and environments
 * that are made, used and thrown away within one command, so that uv can link
 * files instead of copying them.
 */
export function base(python: string = DEFAULT_PYTHON): Container {
  const version = pythonVersion(python)
  return dag
    .container()
    .from(`ghcr.io/astral-sh/uv:${UV}-python${version}-bookworm`)
    .with(withEnvironment({ ...GIT, ...UV_SETTINGS, UV_PYTHON: version }))
    .withMountedCache(CACHE, dag.cacheVolume("pypi-deploy"))
}

/**
 * Mounts programs of `dagger/tools` under `/tools`: those a step needs and no
 * others, so that a change of one leaves other steps in the cache.
 */
export function withTools(...files: string[]) {
  return (container: Container): Container => {
    const all = dag.currentModule().source().directory("tools")
    return container.withMountedDirectory(
      "/tools",
      all.filter({ include: files }),
    )
  }
}

/** Makes an environment of one group of uv.lock, at `/opt/GROUP`. */
export function withLocked(group: string) {
  return (container: Container): Container => {
    const folder = dag.currentModule().source().directory("tools")
    return container
      .withMountedFile("/lock/pyproject.toml", folder.file("pyproject.toml"))
      .withMountedFile("/lock/uv.lock", folder.file("uv.lock"))
      .withEnvVariable("UV_PROJECT_ENVIRONMENT", `/opt/${group}`)
      .withEnvVariable("UV_LINK_MODE", "copy")
      .withExec(
        "uv sync --project /lock --frozen --compile-bytecode --only-group"
          .split(" ")
          .concat(group),
      )
      .withoutEnvVariable("UV_LINK_MODE")
      .withoutEnvVariable("UV_PROJECT_ENVIRONMENT")
  }
}
