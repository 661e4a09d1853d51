import { EngineError } from "../errors.js"
import { scratch } from "../filesystem/filesystem.js"
import { baseImage } from "../images/base.js"
import type { Container } from "../values/container.js"
import { node, type Resolvers } from "./api.js"
import { containerExec } from "./container-exec.js"
import { containerFiles } from "./container-files.js"
import { containerMounts } from "./container-mounts.js"
import { expand, inContainer } from "./paths.js"

export const PLATFORM = `linux/${process.arch === "x64" ? "amd64" : process.arch}`

/** The container with nothing in it. */
export const emptyContainer: Container = {
  type: "Container",
  imageRef: null,
  filesystem: scratch,
  binds: [],
  mounts: [],
  environment: {},
  volatile: {},
  secrets: {},
  labels: {},
  workdir: "",
  user: "",
  entrypoint: [],
  defaultArgs: [],
  ports: [],
  services: [],
  exec: null,
}

type Named = { name: string }
type Pair = Named & { value: string }

const configuration: Resolvers<Container> = {
  async from(container, { address }: { address: string }, { engine }) {
    const image = await baseImage(engine, address)
    const { reference, filesystem, binds, environment, command } = image
    return {
      ...container,
      imageRef: reference,
      filesystem,
      binds,
      environment: { ...environment, ...container.environment },
      defaultArgs: command,
      exec: null,
    }
  },
  defaultArgs: ({ defaultArgs }) => defaultArgs,
  entrypoint: ({ entrypoint }) => entrypoint,
  envVariable: ({ environment }, { name }: Named) => environment[name] ?? null,
  envVariables: ({ environment }) => pairs("EnvVariable", environment),
  exposedPorts: ({ ports }) => ports.map((port) => ({ type: "Port", ...port })),
  imageRef({ imageRef }) {
    if (imageRef === null) {
      throw new EngineError('The container has no base image: call "from".')
    }
    return imageRef
  },
  label: ({ labels }, { name }: Named) => labels[name] ?? null,
  labels: ({ labels }) => pairs("Label", labels),
  platform: () => PLATFORM,
  user: ({ user }) => user,
  workdir: ({ workdir }) => workdir,
  withDefaultArgs: (container, { args }: { args: string[] }) => ({
    ...container,
    defaultArgs: args,
  }),
  withoutDefaultArgs: (container) => ({ ...container, defaultArgs: [] }),
  withEntrypoint: (
    container,
    args: { args: string[]; keepDefaultArgs: boolean },
  ) => ({
    ...container,
    entrypoint: args.args,
    defaultArgs: args.keepDefaultArgs ? container.defaultArgs : [],
  }),
  withoutEntrypoint: (container, args: { keepDefaultArgs: boolean }) => ({
    ...container,
    entrypoint: [],
    defaultArgs: args.keepDefaultArgs ? container.defaultArgs : [],
  }),
  withEnvVariable(container, args: Pair & { expand: boolean }) {
    const value = args.expand ? expand(container, args.value) : args.value
    return {
      ...container,
      environment: { ...container.environment, [args.name]: value },
      secrets: without(container.secrets, args.name),
    }
  },
  withoutEnvVariable: (container, { name }: Named) => ({
    ...container,
    environment: without(container.environment, name),
  }),
  withVolatileVariable: (container, { name, value }: Pair) => ({
    ...container,
    volatile: { ...container.volatile, [name]: value },
  }),
  withoutVolatileVariable: (container, { name }: Named) => ({
    ...container,
    volatile: without(container.volatile, name),
  }),
  withSecretVariable: (
    container,
    { name, secret }: Named & { secret: string },
    { ids },
  ) => ({
    ...container,
    environment: without(container.environment, name),
    secrets: { ...container.secrets, [name]: ids.expect(secret, "Secret") },
  }),
  withoutSecretVariable: (container, { name }: Named) => ({
    ...container,
    secrets: without(container.secrets, name),
  }),
  withLabel: (container, { name, value }: Pair) => ({
    ...container,
    labels: { ...container.labels, [name]: value },
  }),
  withoutLabel: (container, { name }: Named) => ({
    ...container,
    labels: without(container.labels, name),
  }),
  withUser(container, { name }: Named) {
    if (!["", "root", "0", "root:root", "0:0"].includes(name)) {
      throw new EngineError(
        `The embedded engine has one user, root: commands cannot run as ${name}. "dagger call" has others.`,
      )
    }
    return { ...container, user: name }
  },
  withoutUser: (container) => ({ ...container, user: "" }),
  withWorkdir(container, args: { path: string; expand: boolean }) {
    const text = args.expand ? expand(container, args.path) : args.path
    return { ...container, workdir: inContainer(container, text) }
  },
  withoutWorkdir: (container) => ({ ...container, workdir: "" }),
  withError(container, { err }: { err: string }) {
    if (err !== "") {
      throw new EngineError(err)
    }
    return container
  },
}

/** Every field of Container. */
export const container: Resolvers<Container> = {
  ...node(),
  ...configuration,
  ...containerExec,
  ...containerFiles,
  ...containerMounts,
}

function pairs(
  type: "EnvVariable" | "Label",
  record: Readonly<Record<string, string>>,
) {
  return Object.entries(record).map(([name, value]) => ({ type, name, value }))
}

function without<T>(
  record: Readonly<Record<string, T>>,
  name: string,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).filter(([key]) => key !== name),
  )
}
