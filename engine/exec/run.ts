import { mkdirSync, statSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { type OpenCache, openCache } from "../caches/cache.js"
import type { Engine } from "../engine.js"
import { quoteCommand } from "../errors.js"
import { applyEdit } from "../filesystem/edits.js"
import { subtree } from "../filesystem/subtree.js"
import { makeUpper } from "../filesystem/upper.js"
import type { MountRequest, Overlay, Running } from "../isolation/isolation.js"
import { scrub } from "../secrets/scrub.js"
import type { Container, Mount } from "../values/container.js"
import type { ExecOptions } from "./exec.js"
import type { Upper } from "./keep.js"
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
  const caches = await openCaches(engine, container)
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

type Caches = Record<string, OpenCache>

/**
 * Opens the cache volumes of a container, by key. Locks are taken in one order
 * by everybody: no two wait for each other.
 */
export async function openCaches(
  engine: Engine,
  container: Container,
): Promise<Caches> {
  const mounts = container.mounts
    .filter((mount) => mount.kind === "cache")
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const open: Caches = {}
  for (const { key, sharing } of mounts) {
    open[key] ??= await openCache(engine.store, key, sharing)
  }
  return open
}

/** Starts a command; its progress and output are told as they come. */
export async function startCommand(
  engine: Engine,
  { digest, container, options, secrets, folder, output, isDone }: Command,
  caches: Caches = {},
): Promise<Omit<Ended, "exitCode"> & { running: Running }> {
  const settings = networkSettings(engine.environment)
  const hidden = allSecrets(secrets)
  const root = overlayFor(
    engine,
    await container.filesystem.layers(),
    path.join(folder, "0"),
  )
  const mounts = await Promise.all(
    container.mounts.map((mount, index) =>
      mountRequest(
        engine,
        mount,
        secrets,
        caches,
        path.join(folder, String(index + 1)),
      ),
    ),
  )
  const allMounts = [...certificateMounts(settings, container), ...mounts]
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
      upperOf({ target: "/", ...root }),
      ...mounts.map((mount) => upperOf(mount)),
    ],
    targets: allMounts.map(({ target }) => target),
  }
}

async function mountRequest(
  engine: Engine,
  mount: Mount,
  secrets: SecretValues,
  caches: Caches,
  folder: string,
): Promise<MountRequest> {
  const { target } = mount
  switch (mount.kind) {
    case "directory": {
      const { filesystem, readOnly } = mount
      const layers = await subtree(engine, filesystem, mount.path).layers()
      return readOnly
        ? { target, kind: "overlay", layers }
        : {
            target,
            kind: "overlay",
            ...overlayFor(engine, layers, folder),
          }
    }
    case "file": {
      const source = await ownCopy(engine, mount, folder)
      return { target, kind: "bind", source, readOnly: false, file: true }
    }
    case "cache": {
      const source = caches[mount.key]?.folder ?? ""
      return { target, kind: "bind", source, readOnly: false, file: false }
    }
    case "temp":
      return { target, kind: "memory", size: mount.size }
    case "secret": {
      const content = secrets.files[target] ?? Buffer.alloc(0)
      return { target, kind: "secret", content, mode: mount.mode }
    }
  }
}

/**
 * What a mount's changes are in. A mounted file is a copy, which says by its
 * time whether it was written.
 */
function upperOf(
  mount: MountRequest | ({ kind?: never; target: string } & Overlay),
): Upper | null {
  if ("upper" in mount && mount.upper) {
    return { target: mount.target, folder: mount.upper }
  }
  if (mount.kind === "bind" && mount.file) {
    const { ctimeMs } = statSync(mount.source)
    const folder = mount.source.slice(0, mount.source.indexOf("/fs/"))
    return {
      target: mount.target,
      folder,
      file: { place: mount.source, ctimeMs },
    }
  }
  return null
}

/** A file that a command may write, without a change to where it comes from. */
async function ownCopy(
  engine: Engine,
  mount: Extract<Mount, { kind: "file" }>,
  folder: string,
): Promise<string> {
  const root = path.join(folder, "fs")
  mkdirSync(root, { recursive: true })
  const { path: inside } = mount
  await applyEdit(
    engine,
    {
      kind: "copyFile",
      path: inside,
      source: mount,
      permissions: undefined,
    },
    root,
    false,
  )
  return path.join(root, inside)
}

/** Layers with a folder over them that takes what is written. */
function overlayFor(engine: Engine, layers: string[], upper: string): Overlay {
  makeUpper(engine.store, layers, upper)
  return { layers, upper }
}

function hostsFile({ services }: Container): string {
  const names = ["localhost", ...services.map(({ alias }) => alias)]
  return `127.0.0.1 ${names.join(" ")}\n::1 localhost\n127.0.1.1 ${os.hostname()}\n`
}
