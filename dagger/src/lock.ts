import { satisfies } from "@renovatebot/pep440"
import { normalisedName } from "./spelling.js"
import { parseToml } from "./toml.js"

/** One package of uv.lock. */
export interface LockedPackage {
  version: string
  /** `sha256:…` of its files. */
  hashes: string[]
  /** Names of what it needs. */
  needs: string[]
}

/** uv.lock by normalised name; the first entry where a name is there twice. */
export type Lock = Map<string, LockedPackage>

/** Requirements sorted by whether the lock has an answer to them. */
export interface Pins {
  /** Constraint lines with hashes, as `uv pip install -c` reads them. */
  constraints: string
  /** Locked packages, `name==version`. */
  pinned: string[]
  /** Requirements that the lock has no version for, as written. */
  unpinned: string[]
}

const REQUIREMENT =
  /^(?<name>[\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?(?<range>[^;@)]*)\)?\s*(?:;.*)?$/

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}

/** uv.lock's own format (1), as far as it matters here. */
interface LockFile {
  "requires-python": string
  package: {
    name: string
    version: string
    sdist?: { hash: string }
    wheels?: { hash: string }[]
    dependencies?: { name: string }[]
  }[]
}

/** Reads uv.lock (its format 1). */
export function readLock(source: string): Lock {
  const lock: Lock = new Map()
  const file = parseToml(source, "uv.lock") as unknown as LockFile
  for (const entry of file.package) {
    const { name, version, sdist, wheels = [], dependencies = [] } = entry
    if (lock.has(name)) continue
    const files = sdist ? [sdist, ...wheels] : wheels
    const hashes = files.map(({ hash }) => hash)
    lock.set(name, {
      version,
      hashes,
      needs: dependencies.map((it) => it.name),
    })
  }
  return lock
}

/** Whether the lock's versions run on an interpreter, such as 3.9. */
function locksFor(source: string, python: string): boolean {
  const file = parseToml(source, "uv.lock") as unknown as LockFile
  return satisfies(python, file["requires-python"])
}

/** A package and everything it needs, by name, as far as it is locked. */
function closure(lock: Lock, name: string, found: Lock = new Map()): Lock {
  const locked = lock.get(name)
  if (locked !== undefined && !found.has(name)) {
    found.set(name, locked)
    for (const need of locked.needs) closure(lock, need, found)
  }
  return found
}

/** A requirement, and whether the lock's version satisfies it. */
function asked(lock: Lock, requirement: string) {
  const found = REQUIREMENT.exec(requirement)
  if (found === null) return { requirement, name: "", fits: false }
  const parts = found.groups as Record<"name" | "range", string>
  const name = normalisedName(parts.name)
  const range = parts.range.trim()
  const version = lock.get(name)?.version
  const fits =
    version !== undefined && (range === "" || satisfies(version, range))
  return { requirement, name, fits }
}

/**
 * Which of a project's build requirements the lock pins.
 *
 * A requirement is pinned when the lock's version satisfies it, and nothing it
 * needs is asked for in another version: `setuptools<70` beside
 * `setuptools-scm` leaves both to the resolver, as the locked setuptools-scm
 * may not work with that setuptools.
 */
export function pinRequirements(lock: Lock, requirements: string[]): Pins {
  const all = requirements.map((requirement) => asked(lock, requirement))
  const misfits = new Set(all.flatMap((it) => (it.fits ? [] : [it.name])))
  const packages: Lock = new Map()
  const unpinned: string[] = []
  for (const { requirement, name, fits } of all) {
    const needed = closure(lock, name)
    const pinned = fits && ![...needed.keys()].some((need) => misfits.has(need))
    if (!pinned) unpinned.push(requirement)
    else for (const [need, locked] of needed) packages.set(need, locked)
  }
  const lines: string[] = []
  const pinned: string[] = []
  for (const [name, { version, hashes }] of [...packages].sort(byName)) {
    pinned.push(`${name}==${version}`)
    const suffix = hashes.map((hash) => ` --hash=${hash}`).join("")
    lines.push(`${name}==${version}${suffix}\n`)
  }
  return { constraints: lines.join(""), pinned, unpinned }
}

/**
 * The pins for an interpreter: none on one that is older than the lock's, so
 * that the resolver finds what there is for it.
 */
export function pinsFor(
  source: string,
  requirements: string[],
  python: string,
): Pins {
  return locksFor(source, python)
    ? pinRequirements(readLock(source), requirements)
    : { constraints: "", pinned: [], unpinned: requirements }
}
