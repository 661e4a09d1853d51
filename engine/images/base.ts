import {
  existsSync,
  lstatSync,
  readdirSync,
  realpathSync,
  statSync,
} from "node:fs"
import path from "node:path"
import { type Engine, once } from "../engine.js"
import { type Filesystem, treeOf } from "../filesystem/filesystem.js"
import type { HostBind } from "../isolation/isolation.js"
import { findRecord, keepRecord } from "../store/records.js"
import { digestOf } from "../values/digest.js"
import {
  findInterpreter,
  type Interpreter,
  minorName,
  ownPackages,
} from "./interpreter.js"
import { findNode, type NodeRuntime, nodeBinds, nodeLinks } from "./node.js"
import { readReference } from "./reference.js"
import { installPython, link, writeRoot } from "./root.js"

/** What `from` gives a container. */
export interface BaseImage {
  reference: string
  filesystem: Filesystem
  binds: HostBind[]
  environment: Record<string, string>
}

/**
 * The base image of a reference: a root file system of our own, and the
 * toolchain of this machine mounted into it, read-only.
 *
 * @throws EngineError for a reference or an interpreter that is not there
 */
export function baseImage(
  engine: Engine,
  reference: string,
): Promise<BaseImage> {
  return once(engine, `image ${reference}`, async () => {
    const node = findNode(reference)
    if (node) {
      return nodeImage(engine, reference, node)
    }
    const image = readReference(reference)
    const python = await findInterpreter(
      image,
      engine.environment,
      engine.store,
    )
    const binds = [...toolchain(), ...interpreterBinds(python)]
    const digest = digestOf(
      "image",
      python.version,
      python.executable,
      engine.uv,
      [engine.uv, python.executable, ...CHANGING].map(stamp),
      binds.map(({ source, target }) => [source, target]),
    )
    const layer = await rootLayer(engine, digest, (root) =>
      writeRoot(root, binds, (folder) =>
        installPython(folder, root.uv, python),
      ),
    )
    return {
      reference,
      filesystem: treeOf(digest, layer),
      binds,
      environment: {
        PATH: "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
        LANG: "C.UTF-8",
        PYTHON_VERSION: python.version,
        UV_TOOL_BIN_DIR: "/usr/local/bin",
      },
    }
  })
}

async function nodeImage(
  engine: Engine,
  reference: string,
  node: NodeRuntime,
): Promise<BaseImage> {
  const binds = [...toolchain(), ...nodeBinds(node)]
  const digest = digestOf(
    "image",
    node.version,
    CHANGING.map(stamp),
    binds.map(({ source, target }) => [source, target]),
  )
  const layer = await rootLayer(engine, digest, (root) =>
    writeRoot(root, binds, (folder) => link(folder, nodeLinks(node))),
  )
  return {
    reference,
    filesystem: treeOf(digest, layer),
    binds,
    environment: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      NODE_VERSION: node.version.slice(1),
    },
  }
}

// Folders and files that change when the machine's packages do.
const CHANGING = [
  "/usr/bin",
  "/usr/lib",
  "/usr/include",
  "/etc/ld.so.cache",
  "/var/lib/dpkg/status",
  "/var/lib/rpm",
]

function stamp(file: string): string {
  if (!existsSync(file)) {
    return ""
  }
  const { size, mtimeMs } = statSync(file)
  return `${size} ${mtimeMs}`
}

const SHARED_FOLDERS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"]
const CERTIFICATES = [
  "/etc/ssl/certs",
  "/etc/pki/tls/certs",
  "/etc/pki/ca-trust",
]

/**
 * The folders and files of this machine that containers see. /usr/local is
 * the container's own, as are the packages of the interpreter.
 */
function toolchain(): HostBind[] {
  const shared = SHARED_FOLDERS.filter(isRealFolder).map((folder) => ({
    source: folder,
    target: folder,
    ...(folder === "/usr" ? { except: ["/usr/local"] } : {}),
  }))
  const rest = [...CERTIFICATES, "/etc/resolv.conf"]
    .filter((place) => existsSync(place))
    .map((place) => ({ source: place, target: place }))
  return [...shared, ...rest]
}

/**
 * The interpreter lies at /usr/local, as in the real image: an environment
 * remembers the folder of the executable, and a link there to another prefix
 * would lead to the library of /usr. Its own prefix is there as well, for
 * what was compiled into it.
 */
function interpreterBinds(python: Interpreter): HostBind[] {
  const { prefix, packages } = python
  if (prefix === "/usr") {
    return []
  }
  const name = minorName(python)
  const library = `/usr/local/lib/${name}`
  const own = ownPackages(python)
  const files = readdirSync(path.join(prefix, "lib")).filter((file) =>
    file.startsWith(`lib${name}`),
  )
  const parts = [`bin/${name}`, `include/${name}`, ...files.map(inLib)]
  return [
    ...(prefix === "/usr/local"
      ? []
      : [{ source: prefix, target: prefix, except: [packages] }]),
    { source: `${prefix}/lib/${name}`, target: library, except: [own] },
    ...parts
      .filter((part) => existsSync(path.join(prefix, part)))
      .map((part) => ({
        source: realpathSync(path.join(prefix, part)),
        target: path.join("/usr/local", part),
      })),
  ]
}

function inLib(file: string): string {
  return path.join("lib", file)
}

function isRealFolder(folder: string): boolean {
  return existsSync(folder) && lstatSync(folder).isDirectory()
}

async function rootLayer(
  engine: Engine,
  digest: string,
  write: (engine: Engine) => Promise<string>,
): Promise<string> {
  const known = await findRecord(engine.store, digest)
  if (known?.layers[0]) {
    return known.layers[0]
  }
  const layer = await write(engine)
  await keepRecord(engine.store, digest, { layers: [layer] })
  return layer
}
