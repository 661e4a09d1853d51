import path from "node:path"
import { EngineError } from "../errors.js"
import { withEdit } from "../filesystem/edited.js"
import { scratch } from "../filesystem/filesystem.js"
import type { Secret } from "../secrets/secret.js"
import { secretAt, secretOf } from "../secrets/secret.js"
import type { CacheVolume, Plain } from "../values/values.js"
import { node, type Resolvers } from "./api.js"
import { emptyContainer, PLATFORM } from "./container.js"
import { remoteRepository } from "./git.js"
import { hostDirectory } from "./host.js"

/** The version of the API that the schema is of. */
export const API_VERSION = "v0.21.8"

export const query: Resolvers<unknown> = {
  id: (_, __: never, { ids }) => ids.of({ type: "Query" }),
  version: () => API_VERSION,
  defaultPlatform: () => PLATFORM,
  node: (_, { id }: { id: string }, { ids }) => ids.get(id),
  container(_, { platform }: { platform?: string | null }) {
    if (platform && platform !== PLATFORM) {
      throw new EngineError(
        `The embedded engine runs containers of this machine's platform, ${PLATFORM}, not ${platform}. "dagger call" has others.`,
      )
    }
    return emptyContainer
  },
  directory: () => ({ type: "Directory", filesystem: scratch, path: "/" }),
  file(
    _,
    args: { name: string; contents: string; permissions?: number | null },
    { engine },
  ) {
    if (args.name.includes("/")) {
      throw new EngineError(
        `The name of a file has no folder in it, unlike ${args.name}: use directory.withNewFile.`,
      )
    }
    const place = path.posix.join("/", args.name)
    const filesystem = withEdit(engine, scratch, {
      kind: "file",
      path: place,
      contents: args.contents,
      permissions: args.permissions ?? 0o644,
    })
    return { type: "File", filesystem, path: place }
  },
  cacheVolume: (_, { key }: { key: string }) => ({ type: "CacheVolume", key }),
  git: (_, { url }: { url: string }) => remoteRepository(url),
  host: () => ({ type: "Host" }),
  address: (_, { value }: { value: string }) => ({ type: "Address", value }),
  secret: (_, { uri }: { uri: string }, { engine }) => secretAt(engine, uri),
  setSecret: (
    _,
    { name, plaintext }: { name: string; plaintext: string },
    { engine },
  ) => secretOf(engine, name, plaintext),
  currentModule(_, __: never, { engine }) {
    if (engine.module === undefined) {
      throw new EngineError("No module is being called in this session.")
    }
    return { type: "CurrentModule" }
  },
}

export const currentModule: Resolvers<Plain> = {
  ...node(),
  name: (_, __: never, { engine }) => engine.module?.name,
  source: (_, __: never, { engine }) =>
    hostDirectory(engine, {
      path: engine.module?.source ?? "",
      noCache: false,
    }),
}

export const secret: Resolvers<Secret> = {
  ...node(),
  name: ({ name }) => name,
  uri: ({ uri }) => uri,
  plaintext: async (value) => (await value.read()).toString(),
}

export const cacheVolume: Resolvers<CacheVolume> = node()

type Shown<T extends Plain["type"]> = Resolvers<Extract<Plain, { type: T }>>

export const envVariable: Shown<"EnvVariable"> = {
  ...node(),
  name: ({ name }) => name,
  value: ({ value }) => value,
}

export const label: Shown<"Label"> = {
  ...node(),
  name: ({ name }) => name,
  value: ({ value }) => value,
}

export const port: Shown<"Port"> = {
  ...node(),
  port: ({ port: number }) => number,
  protocol: ({ protocol }) => protocol,
  description: ({ description }) => description,
  experimentalSkipHealthcheck: ({ skipHealthcheck }) => skipHealthcheck,
}

export const stat: Shown<"Stat"> = {
  ...node(),
  name: ({ name }) => name,
  size: ({ size }) => size,
  permissions: ({ permissions }) => permissions,
  fileType: ({ fileType }) => fileType,
}
