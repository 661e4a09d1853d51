import { satisfies } from "@renovatebot/pep440"
import { parseToml, table, text } from "./toml.js"

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

const REQUIREMENT = /^([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)\)?\s*(?:;.*)?$/

function normalised(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase()
}

/** Reads uv.lock (its format 1). */
export function readLock(source: string): Lock {
  const lock: Lock = new Map()
  const { package: packages } = parseToml(source, "uv.lock")
  for (const entry of (packages as unknown[]).map(table)) {
    const name = text(entry.name) ?? ""
    if (lock.has(name)) continue
    const wheels = (entry.wheels ?? []) as unknown[]
    const files = [entry.sdist, ...wheels].map((file) => table(file).hash)
    const needs = (entry.dependencies ?? []) as unknown[]
    lock.set(name, {
      version: text(entry.version) ?? "",
      hashes: files.flatMap((hash) => text(hash) ?? []),
      needs: needs.flatMap((need) => text(table(need).name) ?? []),
    })
  }
  return lock
}

/** A package and everything it needs, by name. */
function closure(lock: Lock, name: string, seen = new Set<string>()) {
  if (!seen.has(name)) {
    seen.add(name)
    for (const need of lock.get(name)?.needs ?? []) closure(lock, need, seen)
  }
  return seen
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
  const asked = requirements.map((requirement) => {
    const [, name = "", range = ""] = REQUIREMENT.exec(requirement) ?? []
    const locked = lock.get(normalised(name))
    const fits =
      locked !== undefined &&
      (range.trim() === "" || satisfies(locked.version, range))
    return { requirement, name: normalised(name), fits }
  })
  const misfits = new Set(asked.flatMap((it) => (it.fits ? [] : [it.name])))
  const names = new Set<string>()
  const unpinned: string[] = []
  for (const { requirement, name, fits } of asked) {
    const needed = fits ? [...closure(lock, name)] : []
    const pinned = fits && !needed.some((need) => misfits.has(need))
    if (!pinned) unpinned.push(requirement)
    else for (const need of needed) names.add(need)
  }
  const lines: string[] = []
  const pinned: string[] = []
  for (const name of [...names].sort()) {
    const locked = lock.get(name)
    if (locked === undefined) continue
    pinned.push(`${name}==${locked.version}`)
    const hashes = locked.hashes.map((hash) => ` --hash=${hash}`).join("")
    lines.push(`${name}==${locked.version}${hashes}\n`)
  }
  return { constraints: lines.join(""), pinned, unpinned }
}
