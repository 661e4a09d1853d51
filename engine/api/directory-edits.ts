import path from "node:path"
import { EngineError } from "../errors.js"
import { copyTree } from "../filesystem/copy.js"
import { derived } from "../filesystem/derived.js"
import { withEdit } from "../filesystem/edited.js"
import type { Edit } from "../filesystem/edits.js"
import { inFolder } from "../filesystem/look.js"
import { digestOf } from "../values/digest.js"
import { type Directory, valueDigest } from "../values/values.js"
import type { Api, Resolvers } from "./api.js"
import { fileTarget } from "./container-files.js"
import { below, checkOwner } from "./paths.js"

interface Selected {
  exclude: string[]
  include: string[]
  gitignore: boolean
}

interface Permitted {
  path: string
  owner?: string
  permissions?: number | null
}

/** Directories with something added, changed or left out. */
export const directoryEdits: Resolvers<Directory> = {
  filter(directory, { exclude, include, gitignore }: Selected, { engine }) {
    const selection = { exclude, include, gitignore }
    const digest = digestOf("filter", valueDigest(directory), selection)
    const filesystem = derived(engine, digest, (folder) =>
      inFolder(engine, directory, (source) =>
        copyTree(source, folder, { selection, link: true }),
      ),
    )
    return { type: "Directory", filesystem, path: "/" }
  },
  withDirectory(
    directory,
    args: Permitted & Selected & { source: string },
    api,
  ) {
    checkOwner(args.owner)
    const { exclude, include, gitignore } = args
    const { filesystem, path: inside } = api.ids.expect(
      args.source,
      "Directory",
    )
    return edited(api, directory, {
      kind: "copyFolder",
      path: below(directory.path, args.path),
      source: { filesystem, path: inside },
      selection: { exclude, include, gitignore },
      permissions: args.permissions ?? undefined,
    })
  },
  withFile(directory, args: Permitted & { source: string }, api) {
    checkOwner(args.owner)
    const { filesystem, path: inside } = api.ids.expect(args.source, "File")
    const source = { filesystem, path: inside }
    return edited(api, directory, {
      kind: "copyFile",
      path: fileTarget(below(directory.path, args.path), args.path, source),
      source,
      permissions: args.permissions ?? undefined,
    })
  },
  withFiles(directory, args: Permitted & { sources: string[] }, api) {
    const sources = args.sources.map((id) => api.ids.expect(id, "File"))
    return sources.reduce(
      (result, { filesystem, path: inside }) =>
        edited(api, result, {
          kind: "copyFile",
          path: path.posix.join(
            below(directory.path, args.path),
            path.posix.basename(inside),
          ),
          source: { filesystem, path: inside },
          permissions: args.permissions ?? undefined,
        }),
      directory,
    )
  },
  withNewFile: (directory, args: Permitted & { contents: string }, api) =>
    edited(api, directory, {
      kind: "file",
      path: below(directory.path, args.path),
      contents: args.contents,
      permissions: args.permissions ?? 0o644,
    }),
  withNewDirectory: (directory, args: Permitted, api) =>
    edited(api, directory, {
      kind: "folder",
      path: below(directory.path, args.path),
      permissions: args.permissions ?? 0o644,
    }),
  withSymlink: (directory, args: { target: string; linkName: string }, api) =>
    edited(api, directory, {
      kind: "link",
      path: below(directory.path, args.linkName),
      target: args.target,
    }),
  withTimestamps: (directory, { timestamp }: { timestamp: number }, api) =>
    edited(api, directory, {
      kind: "times",
      path: directory.path,
      seconds: timestamp,
    }),
  withoutDirectory: (directory, args: { path: string }, api) =>
    without(api, directory, args.path),
  withoutFile: (directory, args: { path: string }, api) =>
    without(api, directory, args.path),
  withoutFiles: (directory, { paths }: { paths: string[] }, api) =>
    paths.reduce((result, one) => without(api, result, one), directory),
  withChanges(directory, { changes }: { changes: string }, api) {
    const { before, after } = api.ids.expect(changes, "Changeset")
    return edited(api, directory, {
      kind: "changes",
      path: directory.path,
      before,
      after,
    })
  },
  withError(directory, { err }: { err: string }) {
    if (err !== "") {
      throw new EngineError(err)
    }
    return directory
  },
}

function edited({ engine }: Api, directory: Directory, edit: Edit): Directory {
  return {
    ...directory,
    filesystem: withEdit(engine, directory.filesystem, edit),
  }
}

function without(api: Api, directory: Directory, name: string): Directory {
  const place = below(directory.path, name)
  return edited(api, directory, { kind: "remove", path: place })
}
