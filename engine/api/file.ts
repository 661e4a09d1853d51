import { readFileSync } from "node:fs"
import path from "node:path"
import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import { copyFile } from "../filesystem/copy.js"
import { withEdit } from "../filesystem/edited.js"
import { scratch } from "../filesystem/filesystem.js"
import { inFile } from "../filesystem/look.js"
import { clearWay, lookAt, makeFolders } from "../filesystem/place.js"
import { readEntry } from "../filesystem/walk.js"
import { digestFile } from "../host/content.js"
import { digestOf } from "../values/digest.js"
import type { File } from "../values/values.js"
import { node, type Resolvers } from "./api.js"
import { statOf } from "./stat.js"

interface Lines {
  offsetLines?: number | null
  limitLines?: number | null
}

/** Every field of File. */
export const file: Resolvers<File> = {
  ...node(),
  name: ({ path: inside }) => path.posix.basename(inside),
  contents: (value, args: Lines, { engine }) =>
    inFile(engine, value, (place) =>
      someLines(readFileSync(place, "utf8"), args),
    ),
  size: (value, _: never, { engine }) =>
    inFile(engine, value, (_place, { size }) => size),
  digest: (value, args: { excludeMetadata: boolean }, { engine }) =>
    inFile(engine, value, (place, { mode }) => {
      const contents = digestFile(place)
      return args.excludeMetadata
        ? `sha256:${contents}`
        : `sha256:${digestOf("file", contents, mode & 0o7777)}`
    }),
  async stat(value, _: never, { engine }) {
    return statOf(engine, value, { doNotFollowSymlinks: false })
  },
  async sync(value, _: never, { engine, ids }) {
    await inFile(engine, value, () => {})
    return ids.of(value)
  },
  withName(value, { name }: { name: string }, { engine }) {
    const place = path.posix.join("/", name)
    return alone(engine, value, place)
  },
  withTimestamps(value, { timestamp }: { timestamp: number }, { engine }) {
    const copy = alone(engine, value, `/${path.posix.basename(value.path)}`)
    const filesystem = withEdit(engine, copy.filesystem, {
      kind: "times",
      path: copy.path,
      seconds: timestamp,
    })
    return { ...copy, filesystem }
  },
  export: (
    value,
    args: { path: string; allowParentDirPath: boolean },
    { engine },
  ) => exportFile(engine, value, args),
}

/** The file in a file system of its own. */
function alone(engine: Engine, source: File, place: string): File {
  const filesystem = withEdit(engine, scratch, {
    kind: "copyFile",
    path: place,
    source: { filesystem: source.filesystem, path: source.path },
    permissions: undefined,
  })
  return { type: "File", filesystem, path: place }
}

/** Some lines of a text: `limitLines` of them after the first `offsetLines`. */
export function someLines(
  text: string,
  { offsetLines, limitLines }: Lines,
): string {
  if (!offsetLines && !limitLines) {
    return text
  }
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const from = offsetLines ?? 0
  return lines.slice(from, limitLines ? from + limitLines : undefined).join("")
}

/** @returns the absolute path of the file on the host */
async function exportFile(
  engine: Engine,
  value: File,
  args: { path: string; allowParentDirPath: boolean },
): Promise<string> {
  const given = path.resolve(engine.workdir, args.path)
  const isFolder = lookAt(`${given}/.`)?.isDirectory() === true
  if (isFolder && !args.allowParentDirPath) {
    throw new EngineError(
      `${given} is a folder: name the file to write, or pass allowParentDirPath.`,
    )
  }
  const target = isFolder
    ? path.join(given, path.posix.basename(value.path))
    : given
  await inFile(engine, value, (place) => {
    const entry = readEntry(path.dirname(place), path.basename(place))
    if (entry !== undefined) {
      makeFolders(path.dirname(target))
      clearWay(target, "file")
      copyFile(place, target, entry, {})
    }
  })
  return target
}
