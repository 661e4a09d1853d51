import type { Container, Sharing } from "../values/container.js"
import type { Resolvers } from "./api.js"
import { withMount } from "./located.js"
import { checkOwner, pathArgument } from "./paths.js"

interface MountArguments {
  path: string
  owner: string
  expand: boolean
}

/** What is mounted while commands run. */
export const containerMounts: Resolvers<Container> = {
  mounts: ({ mounts }) => mounts.map(({ target }) => target),
  withMountedDirectory(
    container,
    args: MountArguments & { source: string; readOnly: boolean },
    { ids },
  ) {
    checkOwner(args.owner)
    const { filesystem, path } = ids.expect(args.source, "Directory")
    const target = pathArgument(container, args)
    const { readOnly } = args
    return withMount(container, {
      kind: "directory",
      target,
      filesystem,
      path,
      readOnly,
    })
  },
  withMountedFile(
    container,
    args: MountArguments & { source: string },
    { ids },
  ) {
    checkOwner(args.owner)
    const { filesystem, path } = ids.expect(args.source, "File")
    const target = pathArgument(container, args)
    return withMount(container, { kind: "file", target, filesystem, path })
  },
  withMountedCache(
    container,
    args: MountArguments & { cache: string; sharing: Sharing },
    { ids },
  ) {
    checkOwner(args.owner)
    const { key } = ids.expect(args.cache, "CacheVolume")
    const target = pathArgument(container, args)
    const { sharing } = args
    return withMount(container, { kind: "cache", target, key, sharing })
  },
  withMountedTemp(container, args: MountArguments & { size?: number | null }) {
    const target = pathArgument(container, args)
    const size = args.size ?? undefined
    return withMount(container, { kind: "temp", target, size })
  },
  withMountedSecret(
    container,
    args: MountArguments & { source: string; mode: number },
    { ids },
  ) {
    checkOwner(args.owner)
    const secret = ids.expect(args.source, "Secret")
    const target = pathArgument(container, args)
    const { mode } = args
    return withMount(container, { kind: "secret", target, secret, mode })
  },
  withoutMount(container, args: MountArguments) {
    const target = pathArgument(container, args)
    return {
      ...container,
      mounts: container.mounts.filter((mount) => mount.target !== target),
    }
  },
}
