import { readFile } from "node:fs/promises"
import path from "node:path"
import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import {
  afterExec,
  type Exec,
  type ExecOptions,
  type ExecResult,
  prepareExec,
} from "../exec/exec.js"
import type { Expect } from "../exec/expect.js"
import { subtree } from "../filesystem/subtree.js"
import {
  type Container,
  containerDigest,
  type Mount,
  type Port,
} from "../values/container.js"
import { digestOf } from "../values/digest.js"
import type { Resolvers } from "./api.js"
import { editAt } from "./located.js"
import { expand, inContainer } from "./paths.js"

interface CommandArguments {
  args: string[]
  useEntrypoint: boolean
  expand: boolean
  noInit: boolean
}

interface ExecArguments extends CommandArguments {
  stdin: string
  redirectStdin: string
  redirectStdout: string
  redirectStderr: string
  expect: Expect
}

/** Commands, and what they gave. */
export const containerExec: Resolvers<Container> = {
  async withExec(container, args: ExecArguments, { engine }) {
    if (args.stdin !== "" && args.redirectStdin !== "") {
      throw new EngineError(
        "A command has one standard input: stdin and redirectStdin exclude each other.",
      )
    }
    const exec = await prepareExec(engine, container, {
      command: commandLine(container, args),
      stdin: args.stdin,
      stdinFile:
        args.redirectStdin && inContainer(container, args.redirectStdin),
      expect: args.expect,
      init: !args.noInit,
    })
    const after = containerAfter(engine, container, exec)
    const redirected = [
      [args.redirectStdout, "stdout"],
      [args.redirectStderr, "stderr"],
    ] as const
    return redirected.reduce(
      (result, [place, stream]) =>
        place === "" ? result : withOutput(engine, result, exec, place, stream),
      after,
    )
  },
  asService(container, args: CommandArguments) {
    const options: ExecOptions = {
      command: commandLine(container, args),
      stdin: "",
      stdinFile: "",
      expect: "SUCCESS",
      init: !args.noInit,
    }
    return {
      type: "Service",
      kind: "container",
      digest: digestOf("Service", containerDigest(container), { ...options }),
      ports: [...container.ports],
      container,
      options,
    }
  },
  exitCode: async (container) => (await resultOf(container)).exitCode,
  stdout: (container) => outputOf(container, "stdout"),
  stderr: (container) => outputOf(container, "stderr"),
  combinedOutput: (container) => outputOf(container, "output"),
  async sync(container, _: never, { ids }) {
    await container.exec?.result()
    await container.filesystem.layers()
    return ids.of(container)
  },
  withExposedPort: (
    container,
    args: {
      port: number
      protocol: Port["protocol"]
      description?: string
      experimentalSkipHealthcheck: boolean
    },
  ) => ({
    ...container,
    ports: [
      ...otherPorts(container, args),
      {
        port: args.port,
        protocol: args.protocol,
        description: args.description ?? null,
        skipHealthcheck: args.experimentalSkipHealthcheck,
      },
    ],
  }),
  withoutExposedPort: (
    container,
    args: { port: number; protocol: Port["protocol"] },
  ) => ({ ...container, ports: otherPorts(container, args) }),
  withServiceBinding: (
    container,
    { alias, service }: { alias: string; service: string },
    { ids },
  ) => ({
    ...container,
    services: [
      ...container.services.filter((one) => one.alias !== alias),
      { alias, service: ids.expect(service, "Service") },
    ],
  }),
}

function otherPorts(
  { ports }: Container,
  { port, protocol }: { port: number; protocol: string },
): Port[] {
  return ports.filter((one) => one.port !== port || one.protocol !== protocol)
}

function commandLine(container: Container, args: CommandArguments): string[] {
  const own = args.args.length > 0 ? args.args : container.defaultArgs
  const words = args.useEntrypoint
    ? [...container.entrypoint, ...own]
    : [...own]
  if (words.length === 0) {
    throw new EngineError(
      "There is no command to run: pass args, or call withDefaultArgs first.",
    )
  }
  return args.expand ? words.map((word) => expand(container, word)) : words
}

/** The container that a command leaves. */
function containerAfter(
  engine: Engine,
  container: Container,
  exec: Exec,
): Container {
  const mounts = container.mounts.map((mount, index): Mount => {
    if (mount.kind === "file") {
      const filesystem = afterExec(exec, mount.filesystem, index + 1)
      return { ...mount, filesystem }
    }
    if (mount.kind === "directory" && !mount.readOnly) {
      const before = subtree(engine, mount.filesystem, mount.path)
      const filesystem = afterExec(exec, before, index + 1)
      return { ...mount, filesystem, path: "/" }
    }
    return mount
  })
  const filesystem = afterExec(exec, container.filesystem, 0)
  return { ...container, filesystem, mounts, exec }
}

/** The container with what the command printed written to a file of it. */
function withOutput(
  engine: Engine,
  container: Container,
  exec: Exec,
  place: string,
  stream: "stdout" | "stderr",
): Container {
  const source = {
    filesystem: {
      digest: digestOf("output", exec.digest),
      layers: async () => [(await exec.result()).folder],
    },
    path: `/${stream}`,
  }
  return editAt(engine, container, inContainer(container, place), (inside) => ({
    kind: "copyFile",
    path: inside,
    source,
    permissions: 0o600,
  }))
}

function resultOf({ exec }: Container): Promise<ExecResult> {
  if (exec === null) {
    throw new EngineError(
      "No command has been run in this container: call withExec first.",
    )
  }
  return exec.result()
}

async function outputOf(
  container: Container,
  name: "stdout" | "stderr" | "output",
): Promise<string> {
  const { folder } = await resultOf(container)
  return readFile(path.join(folder, name), "utf8")
}
