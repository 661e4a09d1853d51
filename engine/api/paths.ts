import path from "node:path"
import { EngineError } from "../errors.js"
import type { Container } from "../values/container.js"

/** A path of a container, from its working directory. */
export function inContainer(container: Container, inside: string): string {
  return path.posix.resolve("/", container.workdir, inside)
}

/**
 * A path below a directory. As in the API, a leading slash means the
 * directory itself, and no path leads out of it.
 */
export function below(folder: string, inside: string): string {
  const place = path.posix.join(folder, path.posix.join("/", inside))
  return place === "/" ? place : place.replace(/\/$/, "")
}

/**
 * Text with `$NAME` and `${NAME}` replaced by the container's variables;
 * unknown ones are empty.
 *
 * @throws EngineError for a secret, which has to stay out of other values
 */
export function expand(container: Container, text: string): string {
  return text.replace(
    // What follows a dollar is a name, or one of the shell's special ones.
    /\$(?:\{([^}]*)\}|([A-Za-z_]\w*|[*#$@!?\-0-9]))/g,
    (_, braced: string | undefined, bare: string) => {
      const name = braced ?? bare
      if (name in container.secrets || name in container.volatile) {
        throw new EngineError(
          `expand cannot use the ${name in container.secrets ? "secret" : "volatile"} variable ${name}.`,
        )
      }
      return container.environment[name] ?? ""
    },
  )
}

/** A path argument of a container's field. */
export function pathArgument(
  container: Container,
  args: { path: string; expand?: boolean },
): string {
  const text = args.expand ? expand(container, args.path) : args.path
  return inContainer(container, text)
}

const ROOT_OWNERS = ["", "root", "0", "root:root", "0:0", "root:0", "0:root"]

/**
 * Accepts root as the owner of files.
 *
 * @throws EngineError for others: a user namespace of one user has no other
 */
export function checkOwner(owner = ""): void {
  if (!ROOT_OWNERS.includes(owner)) {
    throw new EngineError(
      `The embedded engine has one user, root: files cannot be owned by ${owner}. "dagger call" has others.`,
    )
  }
}
