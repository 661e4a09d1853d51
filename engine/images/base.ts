import { existsSync, lstatSync, statSync } from "node:fs"
import { type Engine, once } from "../engine.js"
import { type Filesystem, treeOf } from "../filesystem/filesystem.js"
import type { HostBind } from "../isolation/isolation.js"
import { findRecord, keepRecord } from "../store/records.js"
import { digestOf } from "../values/digest.js"
import { debianPart } from "./debian.js"
import { findInterpreter } from "./interpreter.js"
import { nodePart } from "./node.js"
import type { Part } from "./part.js"
import { pythonPart } from "./python.js"
import { type Image, readReference } from "./reference.js"
import { writeRoot } from "./root.js"
import { uvPart } from "./uv.js"

/** What `from` gives a container. */
export interface BaseImage {
  reference: string
  filesystem: Filesystem
  binds: HostBind[]
  environment: Record<string, string>
  /** What it runs where no command is given. */
  command: string[]
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
    const image = readReference(reference)
    const parts = await partsOf(engine, image)
    const binds = [...toolchain(), ...parts.flatMap((part) => part.binds)]
    const files = parts.flatMap((part) => part.files)
    const digest = digestOf(
      "image",
      parts.map(({ key }) => key),
      [...files, ...CHANGING].map(stamp),
      binds.map(({ source, target }) => [source, target]),
    )
    const layer = await rootLayer(engine, digest, parts, binds)
    const own = parts.map(({ environment }) => environment)
    return {
      reference,
      filesystem: treeOf(digest, layer),
      binds,
      environment: Object.assign(
        {
          PATH: "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
          LANG: "C.UTF-8",
        },
        ...own,
      ),
      command: image.command,
    }
  })
}

/** What this machine has of an image, in a sentence where it lacks something. */
async function partsOf(engine: Engine, image: Image): Promise<Part[]> {
  const { environment, store, uv } = engine
  const { reference, python, node, debian } = image
  const parts: Part[] = []
  if (python !== undefined) {
    const found = await findInterpreter(
      { reference, python },
      environment,
      store,
    )
    parts.push(pythonPart(found))
  }
  if (node !== undefined) {
    parts.push(await nodePart(reference, node, environment, store))
  }
  if (debian !== undefined) {
    parts.push(debianPart(reference, debian))
  }
  if (image.uv) {
    parts.push(uvPart(uv))
  }
  return parts
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

function isRealFolder(folder: string): boolean {
  return existsSync(folder) && lstatSync(folder).isDirectory()
}

async function rootLayer(
  engine: Engine,
  digest: string,
  parts: Part[],
  binds: HostBind[],
): Promise<string> {
  const known = await findRecord(engine.store, digest)
  if (known?.layers[0]) {
    return known.layers[0]
  }
  const layer = await writeRoot(engine, parts, binds)
  await keepRecord(engine.store, digest, { layers: [layer] })
  return layer
}
