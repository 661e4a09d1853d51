import { mkdirSync, statSync } from "node:fs"
import path from "node:path"
import type { OpenCaches } from "../caches/cache.js"
import type { Engine } from "../engine.js"
import { applyEdit } from "../filesystem/edits.js"
import { subtree } from "../filesystem/subtree.js"
import { makeUpper } from "../filesystem/upper.js"
import type { MountRequest, Overlay } from "../isolation/isolation.js"
import type { Mount } from "../values/container.js"
import type { Upper } from "./keep.js"
import type { SecretValues } from "./prepare.js"

/** What a container's mount is for one command. */
export interface Mounted {
  request: MountRequest
  /** What is written to it; `null` where nothing is kept. */
  upper: Upper | null
}

/** What mounts need besides themselves. */
export interface MountSources {
  secrets: SecretValues
  caches: OpenCaches
}

/**
 * Makes ready what is mounted for one command.
 *
 * @param folder a path where nothing is, for what is written to it
 */
export async function prepareMount(
  engine: Engine,
  mount: Mount,
  { secrets, caches }: MountSources,
  folder: string,
): Promise<Mounted> {
  const { target } = mount
  switch (mount.kind) {
    case "directory": {
      const { filesystem, readOnly } = mount
      const layers = await subtree(engine, filesystem, mount.path).layers()
      return readOnly
        ? { request: { target, kind: "overlay", layers }, upper: null }
        : {
            request: {
              target,
              kind: "overlay",
              ...overlayFor(engine, layers, folder),
            },
            upper: { target, folder },
          }
    }
    case "file":
      return prepareFile(engine, mount, folder)
    case "cache": {
      const source = caches[mount.key]?.folder ?? ""
      return unkept({
        target,
        kind: "bind",
        source,
        readOnly: false,
        file: false,
      })
    }
    case "temp":
      return unkept({ target, kind: "memory", size: mount.size })
    case "secret": {
      const content = secrets.files[target] ?? Buffer.alloc(0)
      return unkept({ target, kind: "secret", content, mode: mount.mode })
    }
  }
}

function unkept(request: MountRequest): Mounted {
  return { request, upper: null }
}

/**
 * A copy of the file that a command may write, without a change to where it
 * comes from. Its time tells whether it was written.
 */
async function prepareFile(
  engine: Engine,
  mount: Extract<Mount, { kind: "file" }>,
  folder: string,
): Promise<Mounted> {
  const { target, path: inside } = mount
  const root = path.join(folder, "fs")
  const place = path.join(root, inside)
  mkdirSync(root, { recursive: true })
  await applyEdit(
    engine,
    { kind: "copyFile", path: inside, source: mount, permissions: undefined },
    root,
    false,
  )
  const { ctimeMs } = statSync(place)
  return {
    request: {
      target,
      kind: "bind",
      source: place,
      readOnly: false,
      file: true,
    },
    upper: { target, folder, file: { place, ctimeMs } },
  }
}

/** Layers with a folder over them that takes what is written. */
export function overlayFor(
  engine: Engine,
  layers: string[],
  upper: string,
): Overlay {
  makeUpper(engine.store, layers, upper)
  return { layers, upper }
}
