/** What is read of a module's `package.json`. */
export interface PackageJson {
  dependencies?: Record<string, string>
}

/** How a module's packages are installed. */
export interface Installation {
  /** Files beside `package.json` that decide the versions. */
  locks: string[]
  /** What npm is told. */
  words: string[]
}

/** Every module names these; the engine has its own. */
const OWN = ["typescript", "@dagger.io/dagger"]

/** A range of versions of a registry, perhaps under another name. */
const RANGE = /^(npm:@?[\w./-]+@)?[\w.\s~^<>=|*+-]*$/

const ROWS: { lock: string; words: string[] }[] = [
  { lock: "package-lock.json", words: ["ci"] },
  // npm takes versions and integrity from it.
  { lock: "yarn.lock", words: ["install"] },
]

/** Locks that npm cannot read. */
const OTHERS = ["pnpm-lock.yaml", "bun.lock", "bun.lockb"]

/** The packages that a module needs besides those of every module. */
export function neededPackages({ dependencies = {} }: PackageJson): string[] {
  return Object.keys(dependencies).filter((name) => !OWN.includes(name))
}

/** Those that come from somewhere else than a registry, as `NAME@WHENCE`. */
export function strayPackages(json: PackageJson): string[] {
  return neededPackages(json).flatMap((name) => {
    const range = json.dependencies?.[name] ?? ""
    return RANGE.test(range) ? [] : [`${name}@${range}`]
  })
}

/**
 * How the packages are installed, from the names of the files beside
 * `package.json`; a lock that npm cannot read in its place.
 */
export function installation(
  files: readonly string[],
): Installation | { unread: string } {
  const row = ROWS.find(({ lock }) => files.includes(lock))
  const unread = OTHERS.find((name) => files.includes(name))
  if (row === undefined && unread !== undefined) {
    return { unread }
  }
  return row === undefined
    ? { locks: [], words: ["install"] }
    : { locks: [row.lock], words: row.words }
}
