import { type ChildProcess, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import path from "node:path"
import type { Readable } from "node:stream"
import { EngineError } from "../errors.js"

const PROGRAMS = ["unshare", "setpriv", "mount", "umount", "pivot_root"]
const PROGRAM_FOLDERS = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]

/** The start of a command line in a user and a mount namespace of its own. */
const ALONE = ["--user", "--map-root-user", "--mount"]

/** What else a container has of its own. */
export const CONTAINER = ["--pid", "--ipc", "--uts", "--fork", "--kill-child"]

/**
 * A command line that runs a script of ours in new namespaces. When this
 * process dies, however it dies, so does what it started.
 *
 * @param namespaces flags of unshare(1), besides user and mount
 */
export function inNamespaces(
  namespaces: readonly string[],
  script: string,
): [program: string, ...args: string[]] {
  return [
    program("setpriv"),
    ...["--pdeathsig", "KILL", "--", program("unshare")],
    ...[...ALONE, ...namespaces, "--"],
    ...[findProgram("dash") ?? "/bin/sh", script],
  ]
}

/**
 * Fails with a sentence where programs are missing or namespaces are not
 * allowed.
 */
export async function checkSupport(): Promise<void> {
  const missing = PROGRAMS.filter((name) => findProgram(name) === undefined)
  if (missing.length > 0) {
    throw refusal(`${missing.join(", ")} (package util-linux) is missing`)
  }
  const tried = [...ALONE, "--", "env", "-S", "true"]
  const child = spawn(program("unshare"), tried, {
    stdio: ["ignore", "ignore", "pipe"],
  })
  const [said, code] = await Promise.all([text(child.stderr), ended(child)])
  if (code !== 0) {
    throw refusal(`this machine does not allow it (${said.trim()})`)
  }
}

function refusal(reason: string): EngineError {
  return new EngineError(
    `Commands cannot be isolated in Linux namespaces: ${reason}. Allow user namespaces (on Ubuntu 24.04: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0), or call again with --isolation=folder, which keeps commands apart less well, or use "dagger call" with the same arguments.`,
  )
}

function findProgram(name: string): string | undefined {
  return PROGRAM_FOLDERS.map((folder) => path.join(folder, name)).find((file) =>
    existsSync(file),
  )
}

function program(name: string): string {
  return findProgram(name) ?? name
}

/** What mount(8) says where a file system cannot be the upper of an overlay. */
const NO_UPPER = /wrong fs type.* overlay|overlay.*not supported/i

/** The first complaint is the reason: the others follow from it. */
export function setUpFailure(what: string, said: string): EngineError {
  const [reason = ""] = said.trim().split("\n")
  const hint = NO_UPPER.test(reason)
    ? " The store may be on a file system that overlayfs cannot write to, such as a container's own root or NFS: set XDG_CACHE_HOME to a folder on another."
    : ""
  return new EngineError(
    `${what} could not be set up: ${reason.replace(/\.$/, "")}.${hint}`,
  )
}

/** Everything that a stream says. */
export async function text(stream: Readable): Promise<string> {
  let all = ""
  for await (const chunk of stream) {
    all += chunk
  }
  return all
}

/** The exit code, 128 + n after signal n. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) => resolve(code ?? 137))
  })
}
