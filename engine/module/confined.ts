import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import path from "node:path"
import type { Engine } from "../engine.js"
import type { MountRequest, Running } from "../isolation/isolation.js"
import { workFolder } from "../store/store.js"

/** A program of the engine's own Node.js, and what it is told. */
export interface Program {
  /** A file; what lies in its folder can be read. */
  file: string
  stdin: string
  environment: Record<string, string>
  output(text: string): void
}

const SHARED = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"]

const FOLDERS = [
  ...["dev/pts", "dev/shm", "etc", "mnt", "proc", "root", "tmp", "sys"],
  ...["program", "answer"],
]

const FILES = [
  ...["null", "zero", "full", "random", "urandom"].map(inDev),
  ...["etc/hosts", "etc/ld.so.cache", "node"],
]

function inDev(name: string): string {
  return `dev/${name}`
}

/**
 * Runs a program kept from this machine: it sees the system's libraries, its
 * own folder, and nothing else of the caller's files or environment.
 *
 * @returns what it wrote to the file that its first argument names, and how
 *   it ended
 */
export function startConfined(
  engine: Engine,
  program: Program,
): { answer: Promise<{ text: string; exitCode: number }>; kill(): void } {
  let running: Running | undefined
  let killed = false
  const run = async () => {
    const folder = await workFolder(engine.store)
    const answer = path.join(folder, "answer")
    running = engine.isolation.run(request(engine, program, folder))
    engine.running.add(running)
    if (killed) {
      running.kill()
    }
    const exitCode = await running.exit.finally(() => {
      engine.running.delete(running as Running)
    })
    const file = path.join(answer, "answer.json")
    return {
      text: existsSync(file) ? readFileSync(file, "utf8") : "",
      exitCode,
    }
  }
  return {
    answer: run(),
    kill() {
      killed = true
      running?.kill()
    },
  }
}

function request(
  engine: Engine,
  { file, stdin, environment, output }: Program,
  folder: string,
): Parameters<Engine["isolation"]["run"]>[0] {
  const at = (name: string) => path.join(folder, name)
  for (const name of ["fs", "answer", "run", "upper/fs", "upper/work"]) {
    mkdirSync(at(name), { recursive: true })
  }
  makeRoot(at("fs"))
  const bind = (source: string, target: string): MountRequest => ({
    ...{ kind: "bind", source, target },
    ...{ readOnly: target !== "/answer", file: false },
  })
  return {
    layers: path.join(engine.store.root, "layers"),
    folder: at("run"),
    root: { layers: [at("fs")], upper: at("upper") },
    binds: [
      ...SHARED.filter(isFolder).map((place) => ({
        ...{ source: place, target: place },
      })),
      { source: "/etc/ld.so.cache", target: "/etc/ld.so.cache" },
      { source: realpathSync(process.execPath), target: "/node" },
    ],
    mounts: [
      bind(path.dirname(file), "/program"),
      bind(at("answer"), "/answer"),
    ],
    secrets: [],
    command: [
      "/node",
      `/program/${path.basename(file)}`,
      "/answer/answer.json",
    ],
    environment: { HOME: "/root", PATH: "/usr/bin:/bin", ...environment },
    hosts: "127.0.0.1 localhost\n::1 localhost\n",
    workdir: "/tmp",
    stdin,
    stdinFile: "",
    init: true,
    onOutput: (_, chunk) => output(chunk.toString()),
  }
}

/** Where things are mounted, and the links that lead to /usr. */
function makeRoot(root: string): void {
  for (const folder of [...FOLDERS, ...SHARED.filter(isFolder)]) {
    mkdirSync(path.join(root, folder), { recursive: true })
  }
  for (const file of FILES) {
    writeFileSync(path.join(root, file), "")
  }
  for (const link of SHARED.filter(isLink)) {
    symlinkSync(readlinkSync(link), path.join(root, link))
  }
}

function isFolder(place: string): boolean {
  return existsSync(place) && lstatSync(place).isDirectory()
}

function isLink(place: string): boolean {
  return existsSync(place) && lstatSync(place).isSymbolicLink()
}
