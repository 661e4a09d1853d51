import { dataPatterns } from "./data.js"
import type { Survey } from "./survey.js"

/** Where a wheel's files lie in the repository, and how setuptools finds them. */
export interface Layout {
  /** The folder of the packages: `src`, or `.`. */
  where: string
  /** Packages and modules at the top, as they are imported. */
  packages: string[]
  modules: string[]
  /** The tracked file behind each file of the wheel. */
  sources: Map<string, string>
  /** [tool.setuptools], by its keys. */
  settings: Record<string, unknown>
  /** Files of the wheel that are not in the repository as they are. */
  homeless: string[]
}

/** The folder that a path lies in; empty at the top. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ""
}

/** `demo/data/x.txt` begins with `demo`, `six.py` with `six.py`. */
export function topOf(path: string): string {
  return path.replace(/\/.*$/s, "")
}

/** The prefix in the repository that most of a wheel's files have. */
function commonPrefix({ tracked, wheel }: Survey): string {
  const known = tracked.map((file) => file.path)
  const counts = new Map<string, number>()
  for (const { path } of wheel.files) {
    for (const candidate of known) {
      const prefix = candidate.slice(0, candidate.length - path.length)
      if (candidate.endsWith(path) && (prefix === "" || prefix.endsWith("/")))
        counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
    }
  }
  const sorted = [...counts].sort(
    ([one, a], [other, b]) => b - a || one.length - other.length,
  )
  return sorted[0]?.[0] ?? ""
}

/** Files that are installed outside of the packages, by setuptools' keys. */
function elsewhere({ tracked, wheel }: Survey, homeless: string[]) {
  const byHash = new Map(tracked.map((file) => [file.sha256, file.path]))
  const dataFiles: Record<string, string[]> = {}
  const scripts: string[] = []
  for (const { path, sha256 } of wheel.data) {
    const [scheme = "", ...rest] = path.split("/")
    const source = byHash.get(sha256)
    const folder = folderOf(rest.join("/"))
    if (source === undefined || !["data", "scripts"].includes(scheme))
      homeless.push(`.data/${path}`)
    else if (scheme === "scripts") scripts.push(source)
    else dataFiles[folder] = [...(dataFiles[folder] ?? []), source]
  }
  return {
    ...(scripts.length > 0 && { "script-files": scripts }),
    ...(Object.keys(dataFiles).length > 0 && { "data-files": dataFiles }),
  }
}

/** Folders that hold nothing of the wheel, the highest ones only. */
export function unusedFolders(unused: string[], used: string[]): string[] {
  const inUse = new Set(
    used.flatMap((path) => {
      const parts = path.split("/").slice(0, -1)
      return parts.map((_, index) => parts.slice(0, index + 1).join("/"))
    }),
  )
  const folders = unused.flatMap((path) => {
    const parts = path.split("/").slice(0, -1)
    const first = parts.findIndex(
      (_, index) => !inUse.has(parts.slice(0, index + 1).join("/")),
    )
    return first < 0 ? [] : [parts.slice(0, first + 1).join("/")]
  })
  return [...new Set(folders)].sort()
}

function dotted(path: string): string {
  return path.replaceAll("/", ".")
}

/** [tool.setuptools.packages.find] for just the packages of the wheel. */
function findTable(
  where: string,
  packages: string[],
  left: string[],
  others: boolean,
) {
  const exclude = left
    .filter((folder) => /^[\w/]+$/.test(folder))
    .flatMap((folder) => [dotted(folder), `${dotted(folder)}.*`])
  const include = packages.flatMap((name) => [name, `${name}.*`])
  return {
    where: [where],
    ...((where === "." || others) && { include }),
    ...(exclude.length > 0 && { exclude }),
  }
}

/** Reads the layout off the wheel that the old backend made. */
export function readLayout(survey: Survey): Layout {
  const { tracked, wheel } = survey
  const prefix = commonPrefix(survey)
  const where = prefix === "" ? "." : prefix.slice(0, -1)
  const known = new Set(tracked.map((file) => file.path))
  const sources = new Map<string, string>()
  const homeless: string[] = []
  for (const { path } of wheel.files) {
    if (known.has(prefix + path)) sources.set(path, prefix + path)
    else homeless.push(path)
  }
  const tops = [...new Set(wheel.files.map(({ path }) => topOf(path)))]
  const isFolder = (top: string) =>
    wheel.files.some(({ path }) => path.startsWith(`${top}/`))
  const packages = tops.filter(isFolder)
  const modules = tops
    .filter((top) => !isFolder(top) && top.endsWith(".py"))
    .map((top) => top.slice(0, -".py".length))
  const inside = tracked
    .map((file) => file.path)
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
  const own = inside.filter((path) => packages.includes(topOf(path)))
  const used = [...sources.keys()]
  const unused = own.filter((path) => !sources.has(path))
  const left = unusedFolders(unused, used)
  const others = inside.some(
    (path) => path.endsWith(".py") && path.includes("/") && !own.includes(path),
  )
  const find = findTable(where, packages, left, others)
  const settings = {
    ...elsewhere(survey, homeless),
    ...(modules.length > 0 && { "py-modules": modules }),
    ...(packages.length === 0 &&
      where !== "." && { "package-dir": { "": where } }),
    // Without any, setuptools looks for packages of its own accord.
    packages: packages.length === 0 ? [] : { find },
    ...dataPatterns({ used, unused, left }),
  }
  return { where, packages, modules, sources, settings, homeless }
}
