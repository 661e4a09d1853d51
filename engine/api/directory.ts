import { existsSync, readdirSync } from "node:fs"
import path from "node:path"
import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import { copyChanged } from "../filesystem/changes.js"
import { copyTree } from "../filesystem/copy.js"
import { derived } from "../filesystem/derived.js"
import { inFolder, notThere } from "../filesystem/look.js"
import { matches, readPatterns } from "../filesystem/pattern.js"
import { makeFolders } from "../filesystem/place.js"
import { walk } from "../filesystem/walk.js"
import { digestFolder } from "../host/content.js"
import { forceRemove } from "../store/remove.js"
import { digestOf } from "../values/digest.js"
import { type Directory, valueDigest } from "../values/values.js"
import { node, type Resolvers } from "./api.js"
import { directoryEdits } from "./directory-edits.js"
import { below } from "./paths.js"
import { existsAt, type LookArguments, statOf } from "./stat.js"

const looks: Resolvers<Directory> = {
  name: ({ path: inside }) => `${path.posix.basename(inside)}/`,
  entries: (directory, args: { path?: string | null }, { engine }) =>
    inFolder(engine, at(directory, args.path ?? "/"), (folder) =>
      readdirSync(folder, { withFileTypes: true })
        .map((one) => (one.isDirectory() ? `${one.name}/` : one.name))
        .sort(),
    ),
  glob: (directory, { pattern }: { pattern: string }, { engine }) =>
    inFolder(engine, directory, async (folder) => {
      const [wanted] = readPatterns([pattern])
      const entries = await walk(folder)
      return entries
        .filter((entry) => wanted && matches(wanted, entry.path))
        .map(({ kind, path: name }) => (kind === "folder" ? `${name}/` : name))
    }),
  exists: (directory, args: { path: string } & LookArguments, { engine }) =>
    existsAt(engine, at(directory, args.path), args),
  async stat(directory, args: { path: string } & LookArguments, { engine }) {
    const stat = await statOf(engine, at(directory, args.path), args)
    if (stat === undefined) {
      throw new EngineError(notThere(args.path, "file"))
    }
    return stat
  },
  findUp: (
    directory,
    { name, start }: { name: string; start: string },
    { engine },
  ) =>
    inFolder(engine, directory, (folder) =>
      findUp(path.posix.join("/", start), name, (place) =>
        existsSync(path.join(folder, place)),
      ),
    ),
  digest: (directory, _: never, { engine }) =>
    inFolder(engine, directory, async (folder) => {
      return `sha256:${await digestFolder(folder)}`
    }),
  directory: (directory, args: { path: string }) => at(directory, args.path),
  file: ({ filesystem, path: inside }, args: { path: string }) => ({
    type: "File",
    filesystem,
    path: below(inside, args.path),
  }),
  asGit: (source) => ({ type: "GitRepository", source }),
  async sync(directory, _: never, { engine, ids }) {
    await inFolder(engine, directory, () => {})
    return ids.of(directory)
  },
  export: (directory, args: { path: string; wipe: boolean }, { engine }) =>
    exportFolder(engine, directory, args.path, args.wipe),
}

const comparisons: Resolvers<Directory> = {
  diff: (directory, { other }: { other: string }, { ids, engine }) =>
    difference(engine, directory, ids.expect(other, "Directory")),
  changes: (after, { from }: { from: string }, { ids }) => ({
    type: "Changeset",
    before: ids.expect(from, "Directory"),
    after,
  }),
}

/** Every field of Directory. */
export const directory: Resolvers<Directory> = {
  ...node(),
  ...looks,
  ...comparisons,
  ...directoryEdits,
}

/** A path of a directory. */
function at({ filesystem, path: inside }: Directory, name: string): Directory {
  return { type: "Directory", filesystem, path: below(inside, name) }
}

/**
 * Writes a directory to a folder of the host: over what is there, or in place
 * of it.
 *
 * @returns the folder's absolute path
 */
async function exportFolder(
  engine: Engine,
  directory: Directory,
  to: string,
  wipe: boolean,
): Promise<string> {
  const target = path.resolve(engine.workdir, to)
  await inFolder(engine, directory, async (folder) => {
    if (wipe && existsSync(target)) {
      for (const name of readdirSync(target)) {
        await forceRemove(path.join(target, name))
      }
    }
    makeFolders(target)
    await copyTree(folder, target)
  })
  return target
}

/** What the second directory has more or other than the first. */
export function difference(
  engine: Engine,
  before: Directory,
  after: Directory,
): Directory {
  const digest = digestOf("diff", valueDigest(before), valueDigest(after))
  const filesystem = derived(engine, digest, (target) =>
    inFolder(engine, before, (old) =>
      inFolder(engine, after, (now) => copyChanged(old, now, target)),
    ),
  )
  return { type: "Directory", filesystem, path: "/" }
}

/**
 * The path of a name in a folder or, failing that, in one above it; relative
 * to the root.
 */
export function findUp(
  start: string,
  name: string,
  exists: (place: string) => boolean,
): string | null {
  for (let folder = start; ; folder = path.posix.dirname(folder)) {
    const place = path.posix.join(folder, name)
    if (exists(place)) {
      return path.posix.relative("/", place)
    }
    if (folder === "/") {
      return null
    }
  }
}
