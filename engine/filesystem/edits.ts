import {
  chmodSync,
  lutimesSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import path from "node:path"
import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import type { Part } from "../values/digest.js"
import { applyChanges } from "./changes.js"
import { copyFile, copyTree } from "./copy.js"
import { filterFor, type Selection } from "./filter.js"
import { inFile, inFolder, type Source } from "./look.js"
import { matches, readPatterns } from "./pattern.js"
import { clearWay, lookAt, makeFolders, ownFile, placeFor } from "./place.js"
import { resolveInside } from "./resolve.js"
import { readEntry, walk } from "./walk.js"

/** A change to a file system. Paths are absolute, in the file system. */
export type Edit =
  | { kind: "file"; path: string; contents: string; permissions: number }
  | {
      kind: "copyFile"
      path: string
      source: Source
      permissions: number | undefined
    }
  | {
      kind: "copyFolder"
      path: string
      source: Source
      selection: Selection
      permissions: number | undefined
    }
  | { kind: "folder"; path: string; permissions: number }
  | { kind: "remove"; path: string }
  | { kind: "link"; path: string; target: string }
  | { kind: "times"; path: string; seconds: number }
  | { kind: "changes"; path: string; before: Source; after: Source }

/** What of an edit its digest is made of. */
export function editParts(edit: Edit): Part {
  switch (edit.kind) {
    case "copyFile":
    case "copyFolder": {
      const { source, ...rest } = edit
      return { ...(rest as Record<string, Part>), source: sourceParts(source) }
    }
    case "changes":
      return [edit.path, sourceParts(edit.before), sourceParts(edit.after)]
    default:
      return edit
  }
}

function sourceParts({ filesystem, path }: Source): Part {
  return [filesystem.digest, path]
}

/**
 * Makes a change.
 *
 * @param root the folder that shows the file system
 * @param link whether files of the store may be shared with it: where the
 *   folder is a new layer itself and no overlay
 */
export async function applyEdit(
  engine: Engine,
  edit: Edit,
  root: string,
  link: boolean,
): Promise<void> {
  switch (edit.kind) {
    case "file": {
      const place = resolveFile(root, edit.path)
      if (lookAt(place)?.isDirectory()) {
        throw new EngineError(
          `${edit.path} is a directory: no file can be written there.`,
        )
      }
      clearWay(place, "file")
      writeFileSync(place, edit.contents)
      chmodSync(place, edit.permissions)
      return
    }
    case "copyFile":
      return inFile(engine, edit.source, (source) => {
        const given = resolveFile(root, edit.path)
        // Into a directory it goes under its own name.
        const place = lookAt(given)?.isDirectory()
          ? path.join(given, path.basename(source))
          : given
        clearWay(place, "file")
        const entry = readEntry(path.dirname(source), path.basename(source))
        if (entry !== undefined) {
          copyFile(source, place, entry, { ...edit, link })
        }
      })
    case "copyFolder":
      return inFolder(engine, edit.source, async (source) => {
        const place = resolveInside(root, edit.path)
        clearWay(place, "folder")
        makeFolders(place)
        if (edit.permissions !== undefined) {
          chmodSync(place, edit.permissions)
        }
        await copyTree(source, place, { ...edit, link })
      })
    case "changes":
      return inFolder(engine, edit.before, (before) =>
        inFolder(engine, edit.after, (after) =>
          applyChanges(before, after, resolveInside(root, edit.path)),
        ),
      )
    case "folder": {
      const place = resolveInside(root, edit.path)
      if (lookAt(place) === undefined) {
        makeFolders(place)
        // A folder that cannot be entered is of no use to anybody.
        chmodSync(place, edit.permissions | 0o111)
      }
      return
    }
    case "remove": {
      for (const place of await placesOf(root, edit.path)) {
        rmSync(place, { recursive: true, force: true })
      }
      return
    }
    case "link": {
      const place = placeFor(root, edit.path)
      clearWay(place, "link")
      return symlinkSync(edit.target, place)
    }
    case "times":
      return setTimes(resolveInside(root, edit.path), edit.seconds)
  }
}

/** Where a file goes: a link at its end is written through, as cp does. */
function resolveFile(root: string, inside: string): string {
  const place = resolveInside(root, inside)
  makeFolders(path.dirname(place))
  return place
}

/** The places that a path names, which may have `*` and the like in it. */
async function placesOf(root: string, inside: string): Promise<string[]> {
  if (!/[*?[]/.test(inside)) {
    const parent = resolveInside(root, path.posix.dirname(inside))
    return [path.join(parent, path.posix.basename(inside))]
  }
  const filter = filterFor({ include: [inside] }, root)
  const entries = await walk(root, filter)
  const [pattern] = readPatterns([inside])
  return entries
    .filter((entry) => pattern && matches(pattern, entry.path))
    .map((entry) => path.join(root, entry.path))
}

async function setTimes(place: string, seconds: number): Promise<void> {
  if (lookAt(place)?.isDirectory()) {
    const entries = await walk(place)
    for (const entry of entries.reverse()) {
      setTime(path.join(place, entry.path), seconds)
    }
  }
  setTime(place, seconds)
}

function setTime(place: string, seconds: number): void {
  ownFile(place)
  lutimesSync(place, seconds, seconds)
}
