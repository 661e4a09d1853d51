import { type Container, mountParts } from "../values/container.js"
import { digestOf } from "../values/digest.js"
import type { ExecOptions } from "./exec.js"
import type { SecretValues } from "./prepare.js"

/**
 * The key that an exec is cached by: everything that the command can tell
 * apart, but neither the time nor volatile variables. Secrets are in it as
 * what `seal` makes of them.
 */
export function execDigest(
  container: Container,
  options: ExecOptions,
  seal: (secret: Buffer) => string,
  secrets: SecretValues,
): string {
  const sealed = (values: Record<string, Buffer>) =>
    Object.entries(values)
      .map(([name, value]) => [name, seal(value)])
      .sort()
  return digestOf(
    "exec",
    container.filesystem.digest,
    container.binds.map(({ source, target }) => [source, target]),
    container.mounts.map((mount) =>
      mount.kind === "secret"
        ? [mount.target, "secret", mount.mode]
        : mountParts(mount),
    ),
    Object.entries(container.environment).sort(),
    sealed(secrets.variables),
    sealed(secrets.files),
    container.services.map(({ alias, service }) => [alias, service.digest]),
    container.workdir,
    { ...options },
  )
}
