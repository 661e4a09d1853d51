import { mkdirSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { type OpenCaches, openCaches } from "../caches/cache.js"
import type { Engine } from "../engine.js"
import { quoteCommand } from "../errors.js"
import type { Running } from "../isolation/isolation.js"
import { scrub } from "../secrets/scrub.js"
import type { Container } from "../values/container.js"
import type { ExecOptions } from "./exec.js"
import type { Upper } from "./keep.js"
import { overlayFor, prepareMount } from "./mounts.js"
import { recordOutput } from "./output.js"
import {
  allSecrets,
  certificateMounts,
  commandEnvironment,
  networkSettings,
  type SecretValues,
} from "./prepare.js"

/** A command that is to run now. */
export interface Command {
  digest: string
  container: Container
  options: ExecOptions
  secrets: SecretValues
  /** An existing folder of this run's own. */
  folder: string
  /** An existing folder for `stdout`, `stderr` and `output`. */
  output: string
  /** Whether it is told as done or as failed. */
  isDone(exitCode: number): boolean
}

/** A command that ended. */
export interface Ended {
  exitCode: number
  /** What it wrote over the root and each mount; `null`: nothing can be. */
  uppers: (Upper | null)[]
  /** Where something was mounted. */
  targets: string[]
}

/** Runs a command and waits for its end, services and cache volumes included. */
export async function runCommand(
  engine: Engine,
  command: Command,
): Promise<Ended> {
  const { container } = command
  const caches = await openCaches(engine.store, container)
  try {
    const { broken } = await engine.services.use(container.services)
    const started = await startCommand(engine, command, caches)
    const { running, uppers, targets } = started
    broken.catch(() => running.kill())
    const exitCode = await running.exit
    return {
      exitCode: await Promise.race([broken, exitCode]),
      uppers,
      targets,
    }
  } finally {
    await Promise.all(Object.values(caches).map((cache) => cache.release()))
  }
}

/** Starts a command; its progress and output are told as they come. */
export async function startCommand(
  engine: Engine,
  { digest, container, options, secrets, folder, output, isDone }: Command,
  caches: OpenCaches,
): Promise<Omit<Ended, "exitCode"> & { running: Running }> {
  const settings = networkSettings(engine.environment)
  const hidden = allSecrets(secrets)
  const at = (index: number) => path.join(folder, String(index))
  const root = overlayFor(engine, await container.filesystem.layers(), at(0))
  const mounts = await Promise.all(
    container.mounts.map((mount, index) =>
      prepareMount(engine, mount, { secrets, caches }, at(index + 1)),
    ),
  )
  const allMounts = [
    ...certificateMounts(settings, container),
    ...mounts.map(({ request }) => request),
  ]
  const name = scrub(quoteCommand(options.command), hidden)
  const log = recordOutput(output, hidden, (stream, line) =>
    engine.progress({ id: digest, name, state: "output", stream, line }),
  )
  const scratch = path.join(folder, "run")
  mkdirSync(scratch)
  engine.progress({ id: digest, name, state: "started" })
  const started = performance.now()
  const running: Running = engine.isolation.run({
    layers: path.join(engine.store.root, "layers"),
    folder: scratch,
    root,
    binds: [...container.binds],
    mounts: allMounts,
    command: options.command,
    environment: commandEnvironment(container, settings, secrets),
    secrets: Object.keys(secrets.variables),
    hosts: hostsFile(container),
    workdir: container.workdir || "/",
    stdin: options.stdin,
    stdinFile: options.stdinFile,
    init: options.init,
    onOutput(stream, chunk) {
      if (!log.write(stream, chunk)) {
        running.kill()
      }
    },
  })
  engine.running.add(running)
  const exit = running.exit.finally(() => {
    engine.running.delete(running)
    log.close()
  })
  const tell = (state: "done" | "failed") =>
    engine.progress({
      id: digest,
      name,
      state,
      milliseconds: performance.now() - started,
    })
  exit.then(
    (code) => tell(isDone(code) ? "done" : "failed"),
    () => tell("failed"),
  )
  return {
    running: { ...running, exit },
    uppers: [
      { target: "/", folder: at(0) },
      ...mounts.map(({ upper }) => upper),
    ],
    targets: allMounts.map(({ target }) => target),
  }
}

function hostsFile({ services }: Container): string {
  const names = ["localhost", ...services.map(({ alias }) => alias)]
  return `127.0.0.1 ${names.join(" ")}\n::1 localhost\n127.0.1.1 ${os.hostname()}\n`
}
