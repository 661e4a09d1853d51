import { existsSync } from "node:fs"
import path from "node:path"
import { type Engine, once } from "../engine.js"
import type { Selection } from "../filesystem/filter.js"
import { snapshotFile, snapshotFolder } from "../host/snapshot.js"
import { digestOf } from "../values/digest.js"
import type { Directory, File } from "../values/values.js"
import { node, type Resolvers } from "./api.js"
import { findUp } from "./directory.js"
import {
  hostService,
  type PortForward,
  type TunnelOptions,
  tunnelTo,
} from "./forwards.js"

export interface HostSelection extends Selection {
  path: string
  noCache: boolean
}

/** Every field of Host. */
export const host: Resolvers<{ type: "Host" }> = {
  ...node(),
  directory: (_, args: HostSelection, { engine }) =>
    hostDirectory(engine, args),
  file: (_, args: { path: string; noCache: boolean }, { engine }) =>
    hostFile(engine, args.path),
  findUp: (_, { name }: { name: string }, { engine }) => {
    const found = findUp(engine.workdir, name, existsSync)
    return found && path.relative(engine.workdir, path.join("/", found))
  },
  service: (_, args: { ports: PortForward[]; host: string }) =>
    hostService(args.host, args.ports),
  tunnel: (_, args: TunnelOptions & { service: string }, { engine, ids }) =>
    tunnelTo(engine, ids.expect(args.service, "Service"), args),
}

/**
 * A host folder as it was when the session first asked for it: the SDK asks
 * again for each thing that it wants of it.
 */
export async function hostDirectory(
  engine: Engine,
  { path: given, exclude, include, gitignore, noCache }: HostSelection,
): Promise<Directory> {
  const folder = path.resolve(engine.workdir, given)
  const selection = { exclude, include, gitignore }
  const key = digestOf("host.directory", folder, selection)
  const look = () => snapshotFolder(engine, folder, selection)
  const filesystem = await (noCache ? look() : once(engine, key, look))
  return { type: "Directory", filesystem, path: "/" }
}

/** A host file as it was when the session first asked for it. */
export async function hostFile(engine: Engine, given: string): Promise<File> {
  const file = path.resolve(engine.workdir, given)
  const source = await once(engine, digestOf("host.file", file), () =>
    snapshotFile(engine, file),
  )
  return { type: "File", ...source }
}
