import { type ChildProcess, spawn } from "node:child_process"
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import os from "node:os"
import path from "node:path"
import { isMainThread } from "node:worker_threads"
import { EngineError, hasCode } from "../errors.js"
import { keepTimes } from "../filesystem/copy.js"
import { clearWay, lookAt, makeFolders } from "../filesystem/place.js"
import { scrubber } from "../secrets/scrub.js"
import { forceRemove } from "../store/remove.js"
import { withOnly } from "./descriptors.js"
import { isUnknownFormat } from "./format.js"
import { placeInside } from "./inside.js"
import type {
  Isolation,
  MountRequest,
  Overlay,
  Running,
  RunRequest,
  View,
  ViewRequest,
} from "./isolation.js"
import {
  linkMap,
  linkSays,
  mapAliases,
  mapCommand,
  mapWord,
  pathMap,
} from "./paths.js"
import { programFolder, withPrograms } from "./programs.js"
import { type Look, look, makeReadOnly, stack, takeChanges } from "./stack.js"

/**
 * A folder for a root, and nothing that keeps a command in it: for places that
 * have no namespaces. Commands run on the host, as the caller, with the
 * container's paths in arguments and environment mapped into the folder.
 */
export const folder: Isolation = {
  check: async () => {},
  notice:
    'commands are not isolated from this machine (--isolation=folder): they can read whatever you can, see its processes, run as you and as no other user, know paths of the container in arguments, environment and scripts of shells only, and reach services only as URLs in arguments, environment and input; what they leave running in the background may stay. Where namespaces or "dagger call" work, use those for code that you do not trust.',
  // What a layer takes away is written in another way than overlayfs has it.
  storeSuffix: "-folder",
  run,
  view,
}

/** A part of the root that changes are looked for in. */
interface Watched {
  place: string
  upper: string
  /** What is below it and others' affair, relative to it. */
  except: string[]
  before: Look
}

interface Stage {
  root: string
  watched: Watched[]
  /** Files that are mounted: copies, to be written back. */
  files: { place: string; source: string; ctimeMs: number }[]
  secrets: string | undefined
}

function run(request: RunRequest): Running {
  let child: ChildProcess | undefined
  let killed = false
  const kill = (name: NodeJS.Signals) => {
    // The command and everything in its process group.
    if (child?.pid && child.exitCode === null && child.signalCode === null) {
      try {
        process.kill(-child.pid, name)
      } catch (error) {
        if (!hasCode(error, "ESRCH")) {
          throw error
        }
      }
    }
  }
  const all = async (): Promise<number> => {
    const stage = await prepare(request)
    try {
      if (killed) {
        return 137
      }
      child = start(request, stage)
      const code = await follow(child, request, stage)
      await keep(stage)
      return code
    } catch (error) {
      if (!(error instanceof NotStarted)) {
        throw error
      }
      request.onOutput("stderr", Buffer.from(error.message))
      return error.exitCode
    } finally {
      if (stage.secrets !== undefined) {
        rmSync(stage.secrets, { recursive: true, force: true })
      }
      await forceRemove(stage.root)
    }
  }
  return {
    exit: all(),
    kill() {
      killed = true
      kill("SIGKILL")
    },
    async signal(name) {
      if (child?.pid && child.exitCode === null) {
        process.kill(child.pid, name)
      }
    },
  }
}

async function prepare(request: RunRequest): Promise<Stage> {
  const root = path.join(request.folder, "root")
  // Links of the root are the container's; those of a mounted project are its
  // content.
  const leadsTo = linkMap(request, root)
  await stack(request.layers, request.root.layers, root, false, leadsTo)
  for (const { source, target } of request.binds) {
    const place = placeInside(root, target)
    if (source !== target && !statSync(source).isDirectory()) {
      clearWay(place, "link")
      symlinkSync(source, place)
    }
  }
  for (const name of ["lib/node_modules/npm"]) {
    const bind = request.binds.find(({ target }) => target.endsWith(name))
    if (bind !== undefined) {
      const place = path.join(root, bind.target)
      clearWay(place, "link")
      symlinkSync(bind.source, place)
    }
  }
  const stage: Stage = { root, watched: [], files: [], secrets: undefined }
  const overlays: { place: string; overlay: Overlay }[] = [
    { place: root, overlay: request.root },
  ]
  const places: string[] = []
  for (const mount of request.mounts) {
    const place = placeInside(root, mount.target)
    await putMount(request, stage, mount, place)
    places.push(place)
    if (mount.kind === "overlay") {
      overlays.push({ place, overlay: mount })
    }
  }
  makeFolders(path.join(root, "tmp"))
  makeFolders(workdirOf(request, root))
  for (const { place, overlay } of overlays) {
    if (overlay.upper !== undefined) {
      const except = places
        .filter((other) => other !== place && other.startsWith(`${place}/`))
        .map((other) => path.relative(place, other))
      const before = await look(place, except)
      const upper = path.join(overlay.upper, "fs")
      stage.watched.push({ place, upper, except, before })
    }
  }
  return stage
}

async function putMount(
  { layers }: RunRequest,
  stage: Stage,
  mount: MountRequest,
  place: string,
): Promise<void> {
  rmSync(place, { recursive: true, force: true })
  switch (mount.kind) {
    case "overlay":
      await stack(layers, mount.layers, place, false)
      if (mount.upper === undefined) {
        await makeReadOnly(place)
      }
      return
    case "bind":
      if (mount.file && !mount.readOnly) {
        const { source } = mount
        copyFileSync(source, place)
        keepTimes(place, statSync(source))
        const { ctimeMs } = statSync(place)
        stage.files.push({ place, source, ctimeMs })
        return
      }
      symlinkSync(mount.source, place)
      return
    case "memory":
      if (mount.size !== undefined) {
        throw new EngineError(
          `The temporary folder at ${mount.target} cannot be limited to ${mount.size} bytes with --isolation=folder: leave the size out, or use --isolation=namespaces.`,
        )
      }
      mkdirSync(place)
      return
    case "secret": {
      const memory = existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir()
      stage.secrets ??= mkdtempSync(path.join(memory, "pypi-deploy-"))
      const file = path.join(stage.secrets, String(stage.watched.length))
      const own = mkdtempSync(`${file}-`)
      const secret = path.join(own, "secret")
      writeFileSync(secret, mount.content, { mode: 0o600 })
      chmodSync(secret, mount.mode)
      symlinkSync(secret, place)
    }
  }
}

function workdirOf(request: RunRequest, root: string): string {
  return mapWord(request.workdir, pathMap(request, root))
}

function start(request: RunRequest, { root }: Stage): ChildProcess {
  const map = pathMap(request, root)
  const aliases = aliasesOf(request.hosts)
  const word = (text: string) => mapWord(text, map, aliases)
  const [program = "", ...args] = mapCommand(request.command, map, aliases)
  const { PATH = "", ...rest } = request.environment
  const variables = Object.entries(rest).map(([name, value]) => [
    name,
    // A secret is no path, whatever it begins with; it may be a service's URL.
    request.secrets.includes(name) ? mapAliases(value, aliases) : word(value),
  ])
  const programs = programFolder(request, root)
  const folders = withPrograms(PATH, programs)
    .split(":")
    .map((one) => (one === programs ? one : word(one)))
  const workdir = workdirOf(request, root)
  const searchPath = folders.join(":")
  if (program === "" || isUnknownFormat(program, searchPath, workdir)) {
    throw notStarted(program === "" ? "ENOENT" : "ENOEXEC", request)
  }
  const stdin = request.stdinFile === "" ? "pipe" : openInput(request, root)
  // Threads cannot choose: there it is the caller's.
  const umask = isMainThread ? process.umask(0o022) : undefined
  const child = withOnly([stdin, "pipe", "pipe"], (stdio) =>
    spawn(program, args, {
      cwd: workdir,
      detached: true,
      env: {
        TMPDIR: path.join(root, "tmp"),
        PATH: searchPath,
        ...Object.fromEntries(variables),
      },
      stdio,
    }),
  )
  if (umask !== undefined) {
    process.umask(umask)
  }
  if (typeof stdin === "number") {
    closeSync(stdin)
  }
  return child
}

function openInput({ stdinFile, command }: RunRequest, root: string): number {
  try {
    return openSync(path.join(root, stdinFile), "r")
  } catch (error) {
    throw hasCode(error, "ENOENT", "ENOTDIR")
      ? new EngineError(
          `The container for ${command[0]} could not be set up: there is no ${stdinFile} to read its standard input from.`,
        )
      : error
  }
}

/** A command that cannot be started: what a container says of it then. */
class NotStarted extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(`${message}\n`)
  }
}

const NOT_STARTED: Record<string, (name: string) => NotStarted> = {
  ENOENT: (name) =>
    new NotStarted(1, `exec: "${name}": executable file not found in $PATH`),
  ENOEXEC: (name) => new NotStarted(1, `fork/exec ${name}: exec format error`),
  EACCES: (name) => new NotStarted(126, `exec: "${name}": permission denied`),
}

function notStarted(code: string, { command: [name = ""] }: RunRequest) {
  return NOT_STARTED[code]?.(name)
}

/** The names that a container has for this machine: hosts(5). */
function aliasesOf(hosts: string): string[] {
  const [first = ""] = hosts.split("\n")
  return first.split(" ").slice(1)
}

/** Secrets that are other ones here than those that are looked for. */
function mappedSecrets({ secrets, environment, hosts }: RunRequest): Buffer[] {
  const aliases = aliasesOf(hosts)
  return secrets.flatMap((name) => {
    const value = environment[name] ?? ""
    const mapped = mapAliases(value, aliases)
    return mapped === value ? [] : [Buffer.from(mapped)]
  })
}

/** What it says of the root's folder is said of `/`. */
async function follow(
  child: ChildProcess,
  request: RunRequest,
  { root }: Stage,
): Promise<number> {
  for (const stream of ["stdout", "stderr"] as const) {
    const clean = scrubber([Buffer.from(root)], Buffer.alloc(0))
    const told = scrubber(mappedSecrets(request))
    const say = (data: Buffer) => request.onOutput(stream, data)
    child[stream]
      ?.on("data", (data: Buffer) => say(told.push(clean.push(data))))
      .on("end", () => say(Buffer.concat([told.push(clean.end()), told.end()])))
  }
  child.stdin?.on("error", () => {})
  child.stdin?.end(mapAliases(request.stdin, aliasesOf(request.hosts)))
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(notStarted(error.code ?? "", request) ?? error),
    )
    child.once("exit", (code) => {
      if (code === null || request.init) {
        stopGroup(child)
      }
    })
    child.once("close", (code, signal) =>
      resolve(code ?? 128 + (os.constants.signals[signal ?? "SIGKILL"] ?? 9)),
    )
  })
}

/** What a command leaves behind ends with it, as in a container. */
function stopGroup({ pid }: ChildProcess): void {
  try {
    if (pid) {
      process.kill(-pid, "SIGKILL")
    }
  } catch (error) {
    if (!hasCode(error, "ESRCH", "EPERM")) {
      throw error
    }
  }
}

async function keep({ root, watched, files }: Stage): Promise<void> {
  for (const { place, source, ctimeMs } of files) {
    const now = statSync(place, { throwIfNoEntry: false })
    if (now !== undefined && now.ctimeMs !== ctimeMs) {
      copyFileSync(place, source)
    }
  }
  // What lies deeper first: the root's own changes are without it.
  for (const { place, before, upper, except } of watched.reverse()) {
    // A command can remove what is mounted, where no kernel keeps it from that.
    if (lookAt(place)?.isDirectory()) {
      await takeChanges(place, before, upper, except, linkSays(root))
    }
  }
}

async function view({ layers, folder, overlay }: ViewRequest): Promise<View> {
  const root = path.join(folder, "root")
  const { upper } = overlay
  await stack(layers, overlay.layers, root, upper === undefined)
  const before = upper === undefined ? undefined : await look(root)
  return {
    root,
    async close() {
      if (before !== undefined && upper !== undefined) {
        await takeChanges(root, before, path.join(upper, "fs"))
      }
      await forceRemove(root)
    },
  }
}
