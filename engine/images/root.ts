import {
  chmodSync,
  existsSync,
  lstatSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { mkdir } from "node:fs/promises"
import path from "node:path"
import type { Engine } from "../engine.js"
import { copyFile, copyTree } from "../filesystem/copy.js"
import { makeFolders } from "../filesystem/place.js"
import { entryOf } from "../filesystem/walk.js"
import type { HostBind } from "../isolation/isolation.js"
import { keepLayer, workFolder } from "../store/store.js"
import type { Part } from "./part.js"

const FOLDERS: Record<string, number> = {
  "/dev/pts": 0o755,
  "/dev/shm": 0o1777,
  "/etc": 0o755,
  "/home": 0o755,
  "/media": 0o755,
  "/mnt": 0o755,
  "/opt": 0o755,
  "/proc": 0o555,
  "/root": 0o700,
  "/run/lock": 0o1777,
  "/srv": 0o755,
  "/sys": 0o555,
  "/tmp": 0o1777,
  "/usr/local/bin": 0o755,
  "/usr/local/etc": 0o755,
  "/usr/local/include": 0o755,
  "/usr/local/lib": 0o755,
  "/usr/local/sbin": 0o755,
  "/usr/local/share": 0o755,
  "/usr/local/src": 0o755,
  "/var/cache": 0o755,
  "/var/lib": 0o755,
  "/var/log": 0o755,
  "/var/tmp": 0o1777,
}

const FILES: Record<string, string> = {
  "/etc/group":
    "root:x:0:\ntty:x:5:\nstaff:x:50:\nusers:x:100:\nnogroup:x:65534:\n",
  "/etc/hosts": "",
  "/etc/nsswitch.conf":
    "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n",
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
  ...Object.fromEntries(
    ["null", "zero", "full", "random", "urandom"].map((name) => [
      `/dev/${name}`,
      "",
    ]),
  ),
}

const LINKS: Record<string, string> = {
  "/dev/fd": "/proc/self/fd",
  "/dev/ptmx": "pts/ptmx",
  "/dev/stderr": "/proc/self/fd/2",
  "/dev/stdin": "/proc/self/fd/0",
  "/dev/stdout": "/proc/self/fd/1",
  "/etc/mtab": "/proc/mounts",
  "/etc/os-release": "../usr/lib/os-release",
  "/var/run": "/run",
}

// What programs of /usr read in /etc, and what nobody keeps secrets in.
const COPIED = [
  "/etc/alternatives",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/mime.types",
  "/etc/protocols",
  "/etc/services",
  "/etc/ssl/openssl.cnf",
]

const TOP_LINKS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"]

/**
 * Writes the root file system of a base image.
 *
 * @returns the id of its layer
 */
export async function writeRoot(
  engine: Engine,
  parts: readonly Part[],
  binds: readonly HostBind[],
): Promise<string> {
  const folder = await workFolder(engine.store)
  const root = path.join(folder, "fs")
  await mkdir(root)
  const inside = (place: string) => path.join(root, place)
  makeFolders(root)
  chmodSync(root, 0o755)
  for (const [place, mode] of Object.entries(FOLDERS)) {
    makeFolders(inside(place))
    chmodSync(inside(place), mode)
  }
  for (const place of COPIED.filter((one) => existsSync(one))) {
    await copyInto(root, place)
  }
  for (const [place, text] of Object.entries(FILES)) {
    writeFileSync(inside(place), text)
    chmodSync(inside(place), 0o644)
  }
  const links = { ...LINKS, ...topLinks() }
  for (const [place, target] of Object.entries(links)) {
    symlinkSync(target, inside(place))
  }
  for (const bind of binds) {
    makeMountPoint(root, bind)
  }
  for (const part of parts) {
    await part.install(root)
  }
  return keepLayer(engine.store, folder)
}

function topLinks(): Record<string, string> {
  const links = TOP_LINKS.filter(
    (place) => existsSync(place) && lstatSync(place).isSymbolicLink(),
  )
  return Object.fromEntries(links.map((place) => [place, readlinkSync(place)]))
}

async function copyInto(root: string, place: string): Promise<void> {
  const target = path.join(root, place)
  if (statSync(place).isDirectory()) {
    makeFolders(target)
    await copyTree(place, target)
  } else {
    makeFolders(path.dirname(target))
    copyFile(place, target, entryOf(place), { permissions: 0o644 })
  }
}

function makeMountPoint(root: string, bind: HostBind): void {
  const target = path.join(root, bind.target)
  if (statSync(bind.source).isDirectory()) {
    makeFolders(target)
  } else {
    makeFolders(path.dirname(target))
    writeFileSync(target, "")
    chmodSync(target, 0o644)
  }
  for (const own of bind.except ?? []) {
    makeFolders(path.join(root, own))
  }
}
