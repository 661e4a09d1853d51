import path from "node:path"
import type { Engine } from "../engine.js"
import { EngineError } from "../errors.js"
import { withEdit } from "../filesystem/edited.js"
import type { Edit } from "../filesystem/edits.js"
import { hostTree } from "../filesystem/filesystem.js"
import type { Source } from "../filesystem/look.js"
import type { Container, Mount } from "../values/container.js"
import { isWithin } from "../values/within.js"

/** The mount that covers a path: the last one made of those that do. */
function mountAt(container: Container, inside: string): Mount | undefined {
  return container.mounts
    .filter(({ target }) => isWithin(inside, target))
    .at(-1)
}

/**
 * Where a path of a container is: on the root, or on what is mounted there.
 *
 * @throws EngineError for a path in a cache volume and the like, which only
 *   commands see
 */
export function locate(container: Container, inside: string): Source {
  const mount = mountAt(container, inside)
  if (mount !== undefined) {
    if (mount.kind !== "directory" && mount.kind !== "file") {
      throw new EngineError(
        `${inside} is in what is mounted at ${mount.target} (${mount.kind}), which only commands can use.`,
      )
    }
    return {
      filesystem: mount.filesystem,
      path: path.posix.join(
        mount.path,
        path.posix.relative(mount.target, inside),
      ),
    }
  }
  const bind = hostBindAt(container, inside)
  return bind === undefined
    ? { filesystem: container.filesystem, path: inside }
    : {
        filesystem: hostTree(bind.source, container.filesystem.digest),
        path: path.posix.join("/", path.posix.relative(bind.target, inside)),
      }
}

function hostBindAt(container: Container, inside: string) {
  return container.binds
    .filter(
      ({ target, except = [] }) =>
        isWithin(inside, target) &&
        !except.some((own) => isWithin(inside, own)),
    )
    .at(-1)
}

/**
 * The container after a change at a path, wherever that is.
 *
 * @param edit makes the change for the path inside its file system
 * @throws EngineError where nothing can be changed
 */
export function editAt(
  engine: Engine,
  container: Container,
  inside: string,
  edit: (inside: string) => Edit,
): Container {
  const { filesystem, path: place } = locate(container, inside)
  const mount = mountAt(container, inside)
  if (mount === undefined && filesystem !== container.filesystem) {
    throw new EngineError(
      `${inside} belongs to the base image's toolchain, which the embedded engine shares with this machine: it is read-only. Use /usr/local.`,
    )
  }
  const edited = withEdit(engine, filesystem, edit(place))
  return mount === undefined
    ? { ...container, filesystem: edited }
    : {
        ...container,
        mounts: container.mounts.map((one) =>
          one === mount ? ({ ...mount, filesystem: edited } as Mount) : one,
        ),
      }
}

/** The container with something mounted, in place of what was there. */
export function withMount(container: Container, mount: Mount): Container {
  return {
    ...container,
    mounts: [
      ...container.mounts.filter(({ target }) => target !== mount.target),
      mount,
    ],
  }
}
