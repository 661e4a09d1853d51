/** A search path for the programs of this machine that make a container. */
const PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

/** Where a command is looked for whose environment has no PATH. */
const USUAL_PATH =
  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/**
 * The environment of the programs that make a container, and in it, the
 * container's own where it means nothing to them (a loader's LD_PRELOAD, a
 * shell's PWD): each variable is the value of another. With `names`, env(1)
 * makes them again: `env -i -S "$names" COMMAND`.
 *
 * @param told variables of enter.sh
 */
export function wrapEnvironment(
  environment: Readonly<Record<string, string>>,
  told: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = Object.entries(environment).map(([name, value]) => {
    return `${name}=${value}`
  })
  return {
    PATH,
    ...told,
    search: environment.PATH ?? USUAL_PATH,
    names: pairs.map((_, index) => `"\${E${index}}"`).join(" "),
    ...Object.fromEntries(pairs.map((pair, index) => [`E${index}`, pair])),
  }
}
