import path from "node:path"
import { EngineError } from "../errors.js"
import { notThere } from "../filesystem/look.js"
import { subtree } from "../filesystem/subtree.js"
import type { Container } from "../values/container.js"
import type { Resolvers } from "./api.js"
import { editAt, locate } from "./located.js"
import { checkOwner, expand, pathArgument } from "./paths.js"
import { existsAt, type LookArguments, statOf } from "./stat.js"

interface PathArguments {
  path: string
  expand: boolean
}

interface WriteArguments extends PathArguments {
  owner: string
  permissions?: number | null
}

interface Selected {
  exclude: string[]
  include: string[]
  gitignore: boolean
}

/** Files and directories of the root and of what is mounted. */
export const containerFiles: Resolvers<Container> = {
  directory: (container, args: PathArguments) => ({
    type: "Directory",
    ...locate(container, pathArgument(container, args)),
  }),
  file: (container, args: PathArguments) => ({
    type: "File",
    ...locate(container, pathArgument(container, args)),
  }),
  rootfs: ({ filesystem }) => ({ type: "Directory", filesystem, path: "/" }),
  withRootfs(container, { directory }: { directory: string }, { ids, engine }) {
    const { filesystem, path: inside } = ids.expect(directory, "Directory")
    return {
      ...container,
      filesystem: subtree(engine, filesystem, inside),
      exec: null,
    }
  },
  exists: (container, args: PathArguments & LookArguments, { engine }) =>
    existsAt(engine, locate(container, pathArgument(container, args)), args),
  async stat(container, args: { path: string } & LookArguments, { engine }) {
    const place = pathArgument(container, args)
    const stat = await statOf(engine, locate(container, place), args)
    if (stat === undefined) {
      throw new EngineError(notThere(place, "file"))
    }
    return stat
  },
  withDirectory(
    container,
    args: WriteArguments & Selected & { source: string },
    { ids, engine },
  ) {
    checkOwner(args.owner)
    const { exclude, include, gitignore } = args
    const source = ids.expect(args.source, "Directory")
    const place = pathArgument(container, args)
    return editAt(engine, container, place, (inside) => ({
      kind: "copyFolder",
      path: inside,
      source: { filesystem: source.filesystem, path: source.path },
      selection: { exclude, include, gitignore },
      permissions: args.permissions ?? undefined,
    }))
  },
  withFile(
    container,
    args: WriteArguments & { source: string },
    { ids, engine },
  ) {
    checkOwner(args.owner)
    const source = ids.expect(args.source, "File")
    const place = fileTarget(pathArgument(container, args), args.path, source)
    return editAt(engine, container, place, (inside) => ({
      kind: "copyFile",
      path: inside,
      source: { filesystem: source.filesystem, path: source.path },
      permissions: args.permissions ?? undefined,
    }))
  },
  withFiles(
    container,
    args: WriteArguments & { sources: string[] },
    { ids, engine },
  ) {
    checkOwner(args.owner)
    const folder = pathArgument(container, args)
    const sources = args.sources.map((id) => ids.expect(id, "File"))
    return sources.reduce(
      (result, source) =>
        editAt(
          engine,
          result,
          path.posix.join(folder, path.posix.basename(source.path)),
          (inside) => ({
            kind: "copyFile",
            path: inside,
            source: { filesystem: source.filesystem, path: source.path },
            permissions: args.permissions ?? undefined,
          }),
        ),
      container,
    )
  },
  withNewFile(
    container,
    args: WriteArguments & { contents: string },
    { engine },
  ) {
    checkOwner(args.owner)
    const place = pathArgument(container, args)
    return editAt(engine, container, place, (inside) => ({
      kind: "file",
      path: inside,
      contents: args.contents,
      permissions: args.permissions ?? 0o644,
    }))
  },
  withSymlink(
    container,
    args: { target: string; linkName: string; expand: boolean },
    { engine },
  ) {
    const place = pathArgument(container, { ...args, path: args.linkName })
    const target = args.expand ? expand(container, args.target) : args.target
    return editAt(engine, container, place, (inside) => ({
      kind: "link",
      path: inside,
      target,
    }))
  },
  withoutDirectory: (container, args: PathArguments, { engine }) =>
    editAt(engine, container, pathArgument(container, args), remove),
  withoutFile: (container, args: PathArguments, { engine }) =>
    editAt(engine, container, pathArgument(container, args), remove),
  withoutFiles: (
    container,
    args: { paths: string[]; expand: boolean },
    { engine },
  ) =>
    args.paths.reduce(
      (result, one) =>
        editAt(
          engine,
          result,
          pathArgument(container, { ...args, path: one }),
          remove,
        ),
      container,
    ),
}

function remove(inside: string) {
  return { kind: "remove" as const, path: inside }
}

/** A file goes into a folder where the path ends in a slash. */
export function fileTarget(
  place: string,
  asGiven: string,
  source: { path: string },
): string {
  return asGiven.endsWith("/")
    ? path.posix.join(place, path.posix.basename(source.path))
    : place
}
