import { readFileSync } from "node:fs"
import path from "node:path"
import ignore, { type Ignore } from "ignore"
import { hasCode } from "../errors.js"
import { matchesAny, mayMatchBelow, readPatterns } from "./pattern.js"

/** Which part of a folder is meant, as the API's arguments say it. */
export interface Selection {
  exclude?: readonly string[]
  include?: readonly string[]
  /** Whether what the .gitignore files in it name is left out. */
  gitignore?: boolean
}

/** What a filter says of one path. */
export interface Verdict {
  /** The path itself belongs. */
  keep: boolean
  /** Paths below it may belong. */
  descend: boolean
}

/** Paths are relative, with slashes: `src/pkg/__init__.py`. */
export type Filter = (path: string, isFolder: boolean) => Verdict

/** Whether the selection is everything. */
export function isEverything(selection: Selection): boolean {
  return (
    !selection.exclude?.length &&
    !selection.include?.length &&
    !selection.gitignore
  )
}

/**
 * What the selection says of paths below a folder. Without `gitignore` the
 * folder itself is never read.
 */
export function filterFor(selection: Selection, folder: string): Filter {
  const exclude = readPatterns(selection.exclude ?? [])
  const include = readPatterns(selection.include ?? [])
  const exceptions = exclude.filter(({ exception }) => exception)
  const ignored = selection.gitignore ? gitignores(folder) : () => false
  return (name, isFolder) => {
    // Nothing below an ignored folder can be taken back: gitignore(5).
    if (ignored(name, isFolder)) {
      return { keep: false, descend: false }
    }
    const excluded = matchesAny(exclude, name)
    const included = include.length === 0 || matchesAny(include, name)
    const below =
      !excluded || exceptions.some((pattern) => mayMatchBelow(pattern, name))
    const wanted =
      included || include.some((pattern) => mayMatchBelow(pattern, name))
    return {
      keep: included && !excluded,
      descend: isFolder && below && wanted,
    }
  }
}

/** Each folder's .gitignore speaks of what is below it. */
function gitignores(
  folder: string,
): (name: string, isFolder: boolean) => boolean {
  const rules = new Map<string, Ignore | undefined>()
  const rulesOf = (parent: string) => {
    if (!rules.has(parent)) {
      rules.set(parent, readGitignore(path.join(folder, parent)))
    }
    return rules.get(parent)
  }
  return (name, isFolder) => {
    let ignored = false
    const names = name.split("/")
    for (let depth = 0; depth < names.length; depth++) {
      const below = names.slice(depth).join("/") + (isFolder ? "/" : "")
      const verdict = rulesOf(names.slice(0, depth).join("/"))?.test(below)
      if (verdict) {
        ignored = verdict.ignored || (ignored && !verdict.unignored)
      }
    }
    return ignored
  }
}

function readGitignore(folder: string): Ignore | undefined {
  try {
    return ignore().add(readFileSync(path.join(folder, ".gitignore"), "utf8"))
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EISDIR")) {
      return undefined
    }
    throw error
  }
}
