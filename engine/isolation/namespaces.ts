import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import type { Readable, Writable } from "node:stream"
import { asset } from "../assets.js"
import { withOnly } from "./descriptors.js"
import { wrapEnvironment } from "./environment.js"
import { ELF } from "./format.js"
import { fstab } from "./fstab.js"
import type { Isolation, Running, RunRequest } from "./isolation.js"
import { refuseLinks } from "./links.js"
import { type Plan, planMounts } from "./plan.js"
import { commandOf } from "./processes.js"
import {
  CONTAINER,
  checkSupport,
  ended,
  inNamespaces,
  setUpFailure,
  text,
} from "./support.js"
import { view } from "./view.js"

/**
 * Linux namespaces made by util-linux, with overlayfs: what a container is,
 * for any user, with no daemon.
 */
export const namespaces: Isolation = { check: checkSupport, run, view }

function run(request: RunRequest): Running {
  refuseLinks(request)
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

const FOLDERS = ["root", "empty", "empty2", "mnt", "mnt/old", "mnt/secrets"]

// Synchronous: ten small files cost less than the way to the thread pool.
function prepare(request: RunRequest, plan: Plan): void {
  const file = (name: string) => path.join(request.folder, name)
  for (const name of FOLDERS) {
    mkdirSync(file(name))
  }
  for (const place of plan.places) {
    const at = file(`mnt/${place.name}`)
    place.file ? writeFileSync(at, "") : mkdirSync(at)
  }
  const stubs = plan.stubs.map((stub) => `${stub}\n`).join("")
  writeFileSync(file("outer"), fstab(plan.outer))
  writeFileSync(file("mnt/inner"), fstab(plan.inner))
  writeFileSync(file("mnt/stubs"), stubs)
  writeFileSync(file("hosts"), request.hosts)
}

function spawnContainer(request: RunRequest, plan: Plan): ChildProcess {
  const file = (name: string) => path.join(request.folder, name)
  const script = asset("isolation/enter.sh")
  const [program, ...args] = inNamespaces(CONTAINER, script)
  const env = wrapEnvironment(request.environment, {
    layers: request.layers,
    root: file("root"),
    outer: file("outer"),
    inner: plan.inner.length > 0 ? "inner" : "",
    workdir: request.workdir,
    input: request.stdinFile,
    init: request.init ? "init" : "",
    elf: ELF,
  })
  return withOnly(["pipe", "pipe", "pipe", "pipe", "pipe"], (stdio) =>
    // Detached: a session of its own, without the caller's terminal.
    spawn(program, [...args, ...request.command], {
      ...{ env, stdio, detached: true },
    }),
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
