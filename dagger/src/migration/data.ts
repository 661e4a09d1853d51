/** A wheel's files that lie in packages, by their path from there. */
interface PackageFiles {
  /** Those in the wheel. */
  used: string[]
  /** Tracked beside them, and not in the wheel. */
  unused: string[]
  /** Folders that hold none of the wheel's. */
  left: string[]
}

type Patterns = Record<string, string[]>

function isModule(path: string): boolean {
  return path.endsWith(".py")
}

/** The package that a file is data of: the nearest with an `__init__.py`. */
function ownerOf(path: string, used: Set<string>): string {
  const parts = path.split("/").slice(0, -1)
  while (parts.length > 1 && !used.has([...parts, "__init__.py"].join("/")))
    parts.pop()
  return parts.join("/")
}

function add(patterns: Patterns, owner: string, pattern: string): void {
  const key = owner.replaceAll("/", ".")
  const known = patterns[key] ?? []
  if (!known.includes(pattern)) patterns[key] = [...known, pattern]
}

/** `data/jars/*.jar` for a file where that takes no other: else its name. */
function patternFor(path: string, unused: string[]): string {
  const [, folder = "", extension] =
    /^(.*\/)?[^/]+?(\.[^./]+)$/.exec(path) ?? []
  if (extension === undefined || path.endsWith("py.typed")) return path
  const takes = (other: string) =>
    other.startsWith(folder) &&
    other.endsWith(extension) &&
    !other.slice(folder.length).includes("/")
  return unused.some(takes) ? path : `${folder}*${extension}`
}

/**
 * package-data and exclude-package-data that give just the wheel's files.
 *
 * setuptools-scm hands every tracked file to setuptools, which takes those in
 * packages. Named all the same: an archive without git, as GitHub makes them,
 * would lose them without a word.
 */
export function dataPatterns({ used, unused, left }: PackageFiles) {
  const inWheel = new Set(used)
  const data: Patterns = {}
  const exclude: Patterns = {}
  for (const path of used.filter((it) => it.includes("/") && !isModule(it))) {
    const owner = ownerOf(path, inWheel)
    const others = unused
      .filter((it) => it.startsWith(`${owner}/`))
      .map((it) => it.slice(owner.length + 1))
    add(data, owner, patternFor(path.slice(owner.length + 1), others))
  }
  for (const folder of left) {
    const at = folder.lastIndexOf("/")
    add(exclude, folder.slice(0, at), `${folder.slice(at + 1)}/*`)
  }
  for (const path of unused) {
    const inside = left.some((folder) => path.startsWith(`${folder}/`))
    const at = path.lastIndexOf("/")
    if (!inside && !isModule(path))
      add(exclude, path.slice(0, at), path.slice(at + 1))
  }
  return {
    ...(Object.keys(data).length > 0 && { "package-data": data }),
    ...(Object.keys(exclude).length > 0 && {
      "exclude-package-data": exclude,
    }),
  }
}
