import path from "node:path"
import { layerFolder } from "../store/layer.js"
import { lockedOptions, type Mount, overlayOptions } from "./fstab.js"
import type {
  HostBind,
  MountRequest,
  Overlay,
  RunRequest,
} from "./isolation.js"

/** Everything that enter.sh needs to be told. */
export interface Plan {
  /** Mounts made from outside the new root. */
  outer: Mount[]
  /** Mounts made from inside, with the old root at /mnt. */
  inner: Mount[]
  /** Paths of the container that files are mounted at. */
  stubs: string[]
  secrets: { name: string; mode: number; content: Buffer }[]
}

const DEVICES = ["null", "zero", "full", "random", "urandom"]

// What the host's root could do harm with, even from a namespace.
const READ_ONLY_PROC = ["sys", "sysrq-trigger", "irq", "bus", "fs"]

/**
 * What is to be mounted for a command, in order.
 *
 * @param mountinfo the text of /proc/self/mountinfo
 * @param hasProc whether the host's /proc has an entry
 */
export function planMounts(
  request: RunRequest,
  mountinfo: string,
  hasProc: (name: string) => boolean,
): Plan {
  const secrets: Plan["secrets"] = []
  const inner = request.mounts.map((mount) => {
    if (mount.kind === "secret") {
      secrets.push({
        name: String(secrets.length),
        mode: mount.mode,
        content: mount.content,
      })
    }
    return innerMount(request, mount, mountinfo, secrets.length - 1)
  })
  return {
    outer: outerMounts(request, mountinfo, hasProc),
    inner,
    stubs: request.mounts.filter(isFile).map(({ target }) => target),
    secrets,
  }
}

function isFile(mount: MountRequest): boolean {
  return mount.kind === "secret" || (mount.kind === "bind" && mount.file)
}

function outerMounts(
  request: RunRequest,
  mountinfo: string,
  hasProc: (name: string) => boolean,
): Mount[] {
  const root = path.join(request.folder, "root")
  const files: HostBind[] = [
    ...DEVICES.map((name) => ({
      source: `/dev/${name}`,
      target: `/dev/${name}`,
    })),
    { source: path.join(request.folder, "hosts"), target: "/etc/hosts" },
  ]
  const proc = path.join(root, "proc")
  return [
    overlayMount(request, root, request.root),
    ...request.binds.flatMap((bind, index) =>
      hostBind(bind, root, path.join(request.folder, `own${index}`), mountinfo),
    ),
    ...files.map(({ source, target }) => ({
      source,
      target: path.join(root, target),
      type: "none",
      options: ["bind"],
    })),
    special("proc", proc, ["nosuid", "nodev", "noexec"]),
    ...READ_ONLY_PROC.filter(hasProc).map((name) => ({
      source: path.join(proc, name),
      target: path.join(proc, name),
      type: "none",
      options: ["bind", "ro", "nosuid", "nodev", "noexec"],
    })),
    special("devpts", path.join(root, "dev/pts"), [
      "nosuid",
      "noexec",
      "newinstance",
      "ptmxmode=0666",
      "mode=0620",
    ]),
    special("tmpfs", path.join(root, "dev/shm"), ["nosuid", "nodev"]),
    ...(request.mounts.some(({ kind }) => kind === "secret")
      ? [special("tmpfs", path.join(request.folder, "secrets"), ["mode=0755"])]
      : []),
  ]
}

function special(type: string, target: string, options: string[]): Mount {
  return { source: type, target, type, options }
}

/**
 * A host folder over the container's, and what is the container's own in it
 * over that: kept aside first, as it cannot be reached afterwards.
 */
function hostBind(
  { source, target, except = [] }: HostBind,
  root: string,
  aside: string,
  mountinfo: string,
): Mount[] {
  const bind = (from: string, to: string, ...options: string[]): Mount => ({
    source: from,
    target: to,
    type: "none",
    options: ["bind", ...options],
  })
  const kept = except.map((own, index) => ({
    place: path.join(root, own),
    aside: `${aside}.${index}`,
  }))
  return [
    ...kept.map((own) => ({
      ...bind(own.place, own.aside),
      options: ["bind", "X-mount.mkdir"],
    })),
    bind(
      source,
      path.join(root, target),
      "ro",
      ...lockedOptions(mountinfo, source),
    ),
    ...kept.map((own) => bind(own.aside, own.place)),
  ]
}

function innerMount(
  request: RunRequest,
  mount: MountRequest,
  mountinfo: string,
  secret: number,
): Mount {
  const { target } = mount
  const outside = (folder: string) => path.join("/mnt", folder)
  switch (mount.kind) {
    case "overlay": {
      const layers = mount.layers.map((id) =>
        path.isAbsolute(id) ? outside(id) : id,
      )
      return withFolder(overlayMount(request, target, { ...mount, layers }))
    }
    case "bind": {
      const options = mount.readOnly
        ? ["bind", "ro", ...lockedOptions(mountinfo, mount.source)]
        : ["bind"]
      const source = outside(mount.source)
      const made = { source, target, type: "none", options }
      return mount.file ? made : withFolder(made)
    }
    case "memory": {
      const size = mount.size === undefined ? [] : [`size=${mount.size}`]
      return withFolder(
        special("tmpfs", target, ["nosuid", "nodev", "mode=1777", ...size]),
      )
    }
    case "secret": {
      const source = outside(path.join(request.folder, `secrets/${secret}`))
      return { source, target, type: "none", options: ["bind", "ro"] }
    }
  }
}

function withFolder(mount: Mount): Mount {
  return { ...mount, options: [...mount.options, "X-mount.mkdir=0755"] }
}

/**
 * The mount of an overlay, for a program that runs in the folder of layers:
 * what a container can read of it tells nothing of this machine. Overlayfs
 * wants two layers at least where nothing is written: empty ones make up the
 * number.
 */
export function overlayMount(
  { layers: from, folder }: { layers: string; folder: string },
  target: string,
  { layers, upper }: Overlay,
): Mount {
  const lower = layers.map(layerFolder)
  const enough = upper === undefined ? 2 : 1
  for (const name of ["empty", "empty2"].slice(
    0,
    Math.max(0, enough - lower.length),
  )) {
    lower.push(path.relative(from, path.join(folder, name)))
  }
  return {
    source: "overlay",
    target,
    type: "overlay",
    options: overlayOptions(lower, upper && path.relative(from, upper)),
  }
}
