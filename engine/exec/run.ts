import { chmodSync, statSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { openCache } from "../caches/cache.js"
import type { Engine } from "../engine.js"
import { quoteCommand } from "../errors.js"
import { applyEdit } from "../filesystem/edits.js"
import { subtree } from "../filesystem/subtree.js"
import type { MountRequest, Overlay, Running } from "../isolation/isolation.js"
import { scrub } from "../secrets/scrub.js"
import { layerPath } from "../store/store.js"
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
}

/** A command that ended. */
export interface Ended {
  exitCode: number
  /** What it wrote over the root and each mount; `null`: nothing can be. */
  uppers: (Upper | null)[]
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
    const { running, uppers } = await startCommand(engine, command, caches)
    broken.catch(() => running.kill())
    const exitCode = await running.exit
    return { exitCode: await Promise.race([broken, exitCode]), uppers }
  } finally {
    await Promise.all(Object.values(caches).map((cache) => cache.release()))
  }
}

type Caches = Awaited<ReturnType<typeof openCaches>>

/** Locks are taken in one order by everybody: no two wait for each other. */
export async function openCaches(engine: Engine, container: Container) {
  const mounts = container.mounts
    .filter((mount) => mount.kind === "cache")
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const open: Record<string, Awaited<ReturnType<typeof openCache>>> = {}
  for (const { target, key, sharing } of mounts) {
    open[target] = await openCache(engine.store, key, sharing)
  }
  return open
}

/** Starts a command; its progress and output are told as they come. */
export async function startCommand(
  engine: Engine,
  { digest, container, options, secrets, folder, output }: Command,
  caches: Caches = {},
): Promise<{ running: Running; uppers: (Upper | null)[] }> {
  const settings = networkSettings(engine.environment)
  const hidden = allSecrets(secrets)
  const root = await overlayFor(
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
  const name = scrub(quoteCommand(options.command), hidden)
  const log = recordOutput(output, hidden, (stream, line) =>
    engine.progress({ id: digest, name, state: "output", stream, line }),
  )
  const scratch = path.join(folder, "run")
  await mkdir(scratch)
  engine.progress({ id: digest, name, state: "started" })
  const started = performance.now()
  const running = engine.isolation.run({
    layers: path.join(engine.store.root, "layers"),
    folder: scratch,
    root,
    binds: [...container.binds],
    mounts: [...certificateMounts(settings, container), ...mounts],
    command: options.command,
    environment: commandEnvironment(container, settings, secrets),
    hosts: hostsFile(container),
    workdir: container.workdir || "/",
    stdin: options.stdin,
    stdinFile: options.stdinFile,
    init: options.init,
    onOutput: log.write,
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
    (code) => tell(code === 0 ? "done" : "failed"),
    () => tell("failed"),
  )
  const uppers = [root, ...mounts].map(upperOf)
  return { running: { ...running, exit }, uppers }
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
            ...(await overlayFor(engine, layers, folder)),
          }
    }
    case "file": {
      const source = await ownCopy(engine, mount, folder)
      return { target, kind: "bind", source, readOnly: false, file: true }
    }
    case "cache": {
      const source = caches[target]?.folder ?? ""
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
function upperOf(mount: MountRequest | Overlay): Upper | null {
  if ("upper" in mount && mount.upper) {
    return { folder: mount.upper }
  }
  if ("source" in mount && mount.kind === "bind" && mount.file) {
    const { ctimeMs } = statSync(mount.source)
    const folder = mount.source.slice(0, mount.source.indexOf("/fs/"))
    return { folder, file: { place: mount.source, ctimeMs } }
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
  await mkdir(root, { recursive: true })
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
async function overlayFor(
  engine: Engine,
  layers: string[],
  upper: string,
): Promise<Overlay> {
  await mkdir(path.join(upper, "work"), { recursive: true })
  await mkdir(path.join(upper, "fs"))
  const [top] = layers
  // An overlay's root has the mode of its uppermost folder.
  const mode =
    top === undefined ? 0o755 : statSync(layerPath(engine.store, top)).mode
  chmodSync(path.join(upper, "fs"), mode & 0o7777)
  return { layers, upper }
}

function hostsFile({ services }: Container): string {
  const names = ["localhost", ...services.map(({ alias }) => alias)]
  return `127.0.0.1 ${names.join(" ")}\n::1 localhost\n127.0.1.1 ${os.hostname()}\n`
}
