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
  /**
   * Mounts made from inside, of places below /mnt: a target may go through
   * links of the container, and the machine is out of their reach by then.
   */
  inner: Mount[]
  /** The places below /mnt, by name, that `outer` mounts sources at. */
  places: { name: string; file: boolean }[]
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
  const secrets = request.mounts
    .filter((mount) => mount.kind === "secret")
    .map(({ mode, content }, index) => ({
      ...{ name: String(index), mode, content },
    }))
  const staged = request.mounts.map((mount, index) =>
    stage(request, mount, String(index), mountinfo),
  )
  let secret = 0
  return {
    outer: [
      ...outerMounts(request, mountinfo, hasProc),
      ...staged.flatMap((mount) => mount ?? []),
    ],
    inner: request.mounts.map((mount, index) =>
      innerMount(
        mount,
        mount.kind === "secret" ? `secrets/${secret++}` : String(index),
      ),
    ),
    places: request.mounts.flatMap((mount, index) =>
      staged[index] ? { name: String(index), file: isFile(mount) } : [],
    ),
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
    ...files.map(({ source, target }) => bind(source, path.join(root, target))),
    special("proc", proc, ["nosuid", "nodev", "noexec"]),
    ...READ_ONLY_PROC.filter(hasProc)
      .map((name) => path.join(proc, name))
      .map((place) => bind(place, place, "ro", "nosuid", "nodev", "noexec")),
    special("devpts", path.join(root, "dev/pts"), [
      "nosuid",
      "noexec",
      "newinstance",
      "ptmxmode=0666",
      "mode=0620",
    ]),
    special("tmpfs", path.join(root, "dev/shm"), ["nosuid", "nodev"]),
    bind(path.join(request.folder, "mnt"), path.join(root, "mnt")),
    ...(request.mounts.some(({ kind }) => kind === "secret")
      ? [special("tmpfs", path.join(root, "mnt/secrets"), ["mode=0755"])]
      : []),
  ]
}

function special(type: string, target: string, options: string[]): Mount {
  return { source: type, target, type, options }
}

function bind(source: string, target: string, ...options: string[]): Mount {
  return { source, target, type: "none", options: ["bind", ...options] }
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
  const kept = except.map((own, index) => ({
    place: path.join(root, own),
    aside: `${aside}.${index}`,
  }))
  return [
    ...kept.map((own) => bind(own.place, own.aside, "X-mount.mkdir")),
    bind(
      source,
      path.join(root, target),
      "ro",
      ...lockedOptions(mountinfo, source),
    ),
    ...kept.map((own) => bind(own.aside, own.place)),
  ]
}

/** A source of this machine, mounted where the container reaches it. */
function stage(
  request: RunRequest,
  mount: MountRequest,
  name: string,
  mountinfo: string,
): Mount | undefined {
  const place = path.join(request.folder, "root/mnt", name)
  switch (mount.kind) {
    case "overlay":
      return overlayMount(request, place, mount)
    case "bind":
      return mount.readOnly
        ? bind(
            ...([mount.source, place] as const),
            ...["ro", ...lockedOptions(mountinfo, mount.source)],
          )
        : bind(mount.source, place)
    case "memory":
    case "secret":
      return undefined
  }
}

function innerMount(mount: MountRequest, name: string): Mount {
  const { target } = mount
  if (mount.kind === "memory") {
    const size = mount.size === undefined ? [] : [`size=${mount.size}`]
    return withFolder(
      special("tmpfs", target, ["nosuid", "nodev", "mode=1777", ...size]),
    )
  }
  const place = `/mnt/${name}`
  if (mount.kind === "secret") {
    return bind(place, target, "ro")
  }
  return isFile(mount) ? bind(place, target) : withFolder(bind(place, target))
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
