import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import type { Readable, Writable } from "node:stream"
import { asset } from "../assets.js"
import { EngineError } from "../errors.js"
import { fstab } from "./fstab.js"
import type {
  Isolation,
  Running,
  RunRequest,
  View,
  ViewRequest,
} from "./isolation.js"
import { overlayMount, type Plan, planMounts } from "./plan.js"
import { commandOf } from "./processes.js"

const PROGRAMS = ["unshare", "setpriv", "mount", "umount", "pivot_root"]
const PROGRAM_FOLDERS = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]

// When this process dies, however it dies, so does what it started.
const WITH_US = ["--pdeathsig", "KILL", "--"]
const ALONE = ["--user", "--map-root-user", "--mount"]
const CONTAINER = [
  ...ALONE,
  "--pid",
  "--ipc",
  "--uts",
  "--fork",
  "--kill-child",
  "--",
]

/**
 * Linux namespaces made by util-linux, with overlayfs: what a container is,
 * for any user, with no daemon.
 */
export const namespaces: Isolation = { check, run, view }

async function check(): Promise<void> {
  const missing = PROGRAMS.filter((name) => findProgram(name) === undefined)
  if (missing.length > 0) {
    throw refusal(`${missing.join(", ")} (package util-linux) is missing`)
  }
  const child = spawn(findProgram("unshare") ?? "", [...ALONE, "--", "true"], {
    stdio: ["ignore", "ignore", "pipe"],
  })
  const [said, code] = await Promise.all([text(child.stderr), ended(child)])
  if (code !== 0) {
    throw refusal(`this machine does not allow it (${said.trim()})`)
  }
}

function refusal(reason: string): EngineError {
  return new EngineError(
    `Commands cannot be isolated in Linux namespaces: ${reason}. Allow user namespaces (on Ubuntu 24.04: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0), or use "dagger call" with the same arguments.`,
  )
}

function findProgram(name: string): string | undefined {
  return PROGRAM_FOLDERS.map((folder) => path.join(folder, name)).find((file) =>
    existsSync(file),
  )
}

function run(request: RunRequest): Running {
  const plan = planMounts(
    request,
    readFileSync("/proc/self/mountinfo", "utf8"),
    (name) => existsSync(`/proc/${name}`),
  )
  prepare(request, plan)
  const child = spawnContainer(request, plan)
  return {
    exit: follow(child, request, plan),
    kill: () => child.kill("SIGKILL"),
    async signal(name) {
      const pid = child.pid && (await commandOf(child.pid, request.init))
      if (pid) {
        process.kill(pid, name)
      }
    },
  }
}

// Synchronous: ten small files cost less than the way to the thread pool.
function prepare(request: RunRequest, plan: Plan): void {
  const file = (name: string) => path.join(request.folder, name)
  for (const name of ["root", "empty", "empty2", "secrets"]) {
    mkdirSync(file(name))
  }
  writeFileSync(file("outer"), fstab(plan.outer))
  writeFileSync(file("inner"), fstab(plan.inner))
  writeFileSync(file("stubs"), plan.stubs.map((stub) => `${stub}\n`).join(""))
  writeFileSync(file("hosts"), request.hosts)
}

function spawnContainer(request: RunRequest, plan: Plan): ChildProcess {
  const file = (name: string, used: boolean) =>
    used ? path.join(request.folder, name) : ""
  const shell = findProgram("dash") ?? "/bin/sh"
  return spawn(
    findProgram("setpriv") ?? "",
    [
      ...WITH_US,
      findProgram("unshare") ?? "",
      ...CONTAINER,
      shell,
      asset("isolation/enter.sh"),
      request.layers,
      file("root", true),
      file("outer", true),
      file("inner", plan.inner.length > 0),
      file("stubs", plan.stubs.length > 0),
      file("secrets", plan.secrets.length > 0),
      request.workdir,
      request.stdinFile,
      request.init ? "init" : "",
      ...request.command,
    ],
    {
      env: request.environment,
      stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
    },
  )
}

async function follow(
  child: ChildProcess,
  request: RunRequest,
  plan: Plan,
): Promise<number> {
  child.stdout?.on("data", (data: Buffer) => request.onOutput("stdout", data))
  child.stderr?.on("data", (data: Buffer) => request.onOutput("stderr", data))
  feed(child.stdin, request.stdin)
  const secrets = plan.secrets.flatMap(({ name, mode, content }) => [
    `${content.length} ${mode.toString(8)} ${name}\n`,
    content,
  ])
  feed(child.stdio[4] as Writable, ...secrets)
  const [code, said] = await Promise.all([
    ended(child),
    text(child.stdio[3] as Readable),
  ])
  if (!/^ready$/m.test(said) && child.signalCode === null) {
    throw setUpFailure(`The container for ${request.command[0]}`, said)
  }
  return code
}

/** A command may end before it has read everything: that is its own affair. */
function feed(stream: Writable | null, ...chunks: (string | Buffer)[]): void {
  stream?.on("error", () => {})
  for (const chunk of chunks) {
    stream?.write(chunk)
  }
  stream?.end()
}

async function view(request: ViewRequest): Promise<View> {
  const { folder, layers, overlay } = request
  for (const name of ["root", "empty", "empty2"]) {
    mkdirSync(path.join(folder, name))
  }
  const { target, options } = overlayMount(
    request,
    path.join(folder, "root"),
    overlay,
  )
  const child = spawn(
    findProgram("setpriv") ?? "",
    [
      ...WITH_US,
      findProgram("unshare") ?? "",
      ...ALONE,
      "--",
      findProgram("dash") ?? "/bin/sh",
      asset("isolation/hold.sh"),
      layers,
      target,
      options.join(","),
    ],
    { stdio: ["pipe", "pipe", "pipe"] },
  )
  const complaint = text(child.stderr)
  const ready = await new Promise<boolean>((resolve) => {
    child.stdout.once("data", () => resolve(true))
    child.once("close", () => resolve(false))
  })
  if (!ready) {
    throw setUpFailure("A folder of several layers", await complaint)
  }
  const end = ended(child)
  return {
    root: `/proc/${child.pid}/root${target}`,
    async close() {
      child.stdin.end()
      await end
    },
  }
}

/** What mount(8) says where a file system cannot be the upper of an overlay. */
const NO_UPPER = /wrong fs type.* overlay|overlay.*not supported/i

/** The first complaint is the reason: the others follow from it. */
function setUpFailure(what: string, said: string): EngineError {
  const [reason = ""] = said.trim().split("\n")
  const hint = NO_UPPER.test(reason)
    ? " The store may be on a file system that overlayfs cannot write to, such as a container's own root or NFS: set XDG_CACHE_HOME to a folder on another."
    : ""
  return new EngineError(
    `${what} could not be set up: ${reason.replace(/\.$/, "")}.${hint}`,
  )
}

async function text(stream: Readable): Promise<string> {
  let all = ""
  for await (const chunk of stream) {
    all += chunk
  }
  return all
}

/** The exit code, 128 + n after signal n. */
function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) => resolve(code ?? 137))
  })
}
