import { type Table, table, text, texts } from "../toml.js"

/** A build backend that projects are migrated from. */
export interface OldBackend {
  name: string
  /** What [build-system].build-backend begins with. */
  modules: string[]
  /** Its tables in pyproject.toml, which go. */
  tables: string[][]
}

/** Tables of one tool: `["hatch", "build"]` is [tool.hatch.build]. */
function tool(...paths: string[][]): string[][] {
  return paths.map((path) => ["tool", ...path])
}

/**
 * Every backend that there is a way from. Tables by which hatch, PDM and
 * Poetry do something else (environments, scripts, groups) stay: those tools
 * go on working beside any backend.
 */
export const OLD_BACKENDS = {
  hatchling: {
    name: "hatchling",
    modules: ["hatchling."],
    tables: tool(
      ["hatch", "version"],
      ["hatch", "build"],
      ["hatch", "metadata"],
    ),
  },
  flit: {
    name: "flit",
    modules: ["flit_core.", "flit."],
    tables: tool(["flit"]),
  },
  pdm: {
    name: "PDM",
    modules: ["pdm."],
    tables: tool(
      ["pdm", "version"],
      ["pdm", "build"],
      ["pdm", "dev-dependencies"],
    ),
  },
  poetry: {
    name: "Poetry",
    modules: ["poetry."],
    tables: tool(["poetry"]),
  },
  setuptools: {
    name: "setuptools",
    modules: ["setuptools."],
    tables: tool(["setuptools", "dynamic", "version"]),
  },
} satisfies Record<string, OldBackend>

export type OldBackendId = keyof typeof OLD_BACKENDS

/**
 * The backend that a project is to be migrated from.
 *
 * @param backend - [build-system].build-backend
 * @throws a sentence where there is no way from it
 */
export function oldBackend(backend: string, file: string): OldBackendId {
  const ids = Object.keys(OLD_BACKENDS) as OldBackendId[]
  const rows: Record<string, OldBackend> = OLD_BACKENDS
  const found = ids.find((id) =>
    rows[id]?.modules.some((module) => backend.startsWith(module)),
  )
  if (found !== undefined) return found
  const names = ids.map((id) => rows[id]?.name).join(", ")
  throw new Error(
    `${file} builds with ${backend}, and there is no way from that. Projects are migrated from ${names}.`,
  )
}

/** Whether a table of pyproject.toml is there. */
export function has(pyproject: Table, path: string[]): boolean {
  const found = path.reduce<unknown>((it, key) => table(it)[key], pyproject)
  return found !== undefined
}

/** The old backend's tables that a project has. */
export function oldTables(id: OldBackendId, pyproject: Table): string[][] {
  return OLD_BACKENDS[id].tables.filter((path) => has(pyproject, path))
}

/** Where the version is written, and how. */
export interface VersionHook {
  file: string | undefined
  template: string | undefined
}

/** The build hook of hatch-vcs, for every target or for one of them. */
function hatchVersionHook(pyproject: Table): VersionHook {
  const build = table(table(table(pyproject.tool).hatch).build)
  const hooks = [build, ...Object.values(table(build.targets))].map((it) =>
    table(table(table(it).hooks).vcs),
  )
  const hook = hooks.find((it) => "version-file" in it) ?? {}
  return { file: text(hook["version-file"]), template: text(hook.template) }
}

/**
 * The file that setuptools reads the version from. One that is installed may
 * be read by the project's own code, too: from now on it is written.
 */
function setuptoolsVersionFile(
  pyproject: Table,
  installed: string[],
): VersionHook {
  const { dynamic } = table(table(pyproject.tool).setuptools)
  const { file } = table(table(dynamic).version)
  const found = [text(file), ...texts(file)].find(
    (it) => it !== undefined && installed.includes(it),
  )
  return { file: found, template: "{version}" }
}

/**
 * Where PDM writes a version from git, in the folder of the packages, and how:
 * the file is in no commit, only in what is built.
 */
function pdmVersionHook(pyproject: Table, where: string): VersionHook {
  const version = table(table(table(pyproject.tool).pdm).version)
  const file = text(version.write_to)
  if (file === undefined) return { file, template: undefined }
  const template = text(version.write_template) ?? "{}\n"
  return {
    file: where === "." ? file : `${where}/${file}`,
    template: template.replace(/\{0?\}/g, "{version}"),
  }
}

/**
 * Where an old backend's settings have the version written.
 *
 * @param where - the folder of the packages in the repository, `.` at its top
 * @param installed - the modules of the wheel, by their place there
 */
export function versionHook(
  backend: OldBackendId,
  pyproject: Table,
  where: string,
  installed: string[],
): VersionHook | undefined {
  if (backend === "hatchling") return hatchVersionHook(pyproject)
  if (backend === "pdm") return pdmVersionHook(pyproject, where)
  return backend === "setuptools"
    ? setuptoolsVersionFile(pyproject, installed)
    : undefined
}

/** How PDM reads tags and spells versions, which setuptools-scm does its way. */
const PDM_OWN = ["tag_regex", "tag_filter", "version_format"]

/** What of a version from git PDM was told, and nobody else reads. */
export function pdmOwnSettings(pyproject: Table): string[] {
  const version = table(table(table(pyproject.tool).pdm).version)
  return PDM_OWN.filter((key) => key in version)
}
