import path from "node:path"
import { isWithin } from "../values/within.js"
import type { RunRequest } from "./isolation.js"

/** What of the host is the same in a container, with no namespace to hide it. */
const HOST = ["/dev", "/proc", "/sys", "/bin", "/sbin", "/lib", "/lib64"]

type Mapped = Pick<RunRequest, "binds" | "mounts" | "environment">

/**
 * Maps a container's paths to the host's, for commands that see the host's
 * file system.
 *
 * @param root the folder that `/` stands for
 */
export function pathMap(
  { binds, mounts }: Pick<Mapped, "binds" | "mounts">,
  root: string,
): (inside: string) => string {
  return (inside) => {
    const place = path.posix.normalize(inside)
    const [mount] = mounts
      .filter(({ target }) => isWithin(place, target))
      .sort((a, b) => b.target.length - a.target.length)
    if (mount?.kind === "bind" && !mount.file) {
      return path.join(mount.source, path.relative(mount.target, place))
    }
    const isHost =
      HOST.some((folder) => isWithin(place, folder)) ||
      (isWithin(place, "/usr") && !isWithin(place, "/usr/local")) ||
      binds.some(
        ({ source, target, except = [] }) =>
          source === target &&
          !except.some((own) => isWithin(place, own)) &&
          isWithin(place, target),
      )
    return mount === undefined && isHost ? place : path.join(root, place)
  }
}

/**
 * What absolute links of a root lead to on the host. Those to what lies in the
 * store, such as an interpreter's place, lead there already.
 */
export function linkMap(
  request: Pick<RunRequest, "binds" | "mounts" | "layers">,
  root: string,
): (target: string) => string {
  const map = pathMap(request, root)
  const store = path.dirname(request.layers)
  return (target) => (isWithin(target, store) ? target : map(target))
}

/** What a link to a place in the root says in the container. */
export function linkSays(root: string): (target: string) => string {
  return (target) =>
    isWithin(target, root) ? target.slice(root.length) || "/" : target
}

/**
 * A word of a command line or a variable's value with the host's paths: an
 * absolute path, a list of them with colons, `--flag=/path`.
 *
 * @param aliases names of services, which all are on this machine
 */
export function mapWord(
  word: string,
  map: (inside: string) => string,
  aliases: readonly string[] = [],
): string {
  const flag = /^-[\w-]+=/.exec(word)?.[0] ?? ""
  const value = word.slice(flag.length)
  if (/^\/[^\n]*$/.test(value)) {
    const parts = value.split(":")
    return parts.every((part) => part === "" || /^\/./.test(part))
      ? flag + parts.map((part) => part && map(part)).join(":")
      : word
  }
  return mapAliases(word, aliases)
}

/** A text in which URLs have their service's address for its name. */
export function mapAliases(text: string, aliases: readonly string[]): string {
  return text.replace(
    // The scheme is looked at last: looked for, a long word would be read
    // again from each of its letters.
    /(:\/\/(?<=[a-z][a-z0-9+.-]*:\/\/)(?:[^/@\s]*@)?)([\w.-]+)/g,
    (all, start: string, host: string) =>
      aliases.includes(host) ? `${start}127.0.0.1` : all,
  )
}

const SHELL = /(^|\/)(sh|bash|dash)$/

/**
 * A command line with the host's paths: word by word, and where the word after
 * `sh -c` is a script, the absolute paths in that.
 */
export function mapCommand(
  command: readonly string[],
  map: (inside: string) => string,
  aliases: readonly string[] = [],
): string[] {
  const [program = "", flag = ""] = command
  const isShell = SHELL.test(program) && /^-[a-z]*c$/.test(flag)
  return command.map((word, index) =>
    isShell && index === 2
      ? mapScript(mapAliases(word, aliases), map)
      : mapWord(word, map, aliases),
  )
}

/** A path begins where a word does, or after what ends one in a shell. */
const PATH =
  /(?<=^|[\s"'=:;&|<>(`])\/(?:[\w.][^\s"'=:;&|<>()`$*?[\]{}\\]*|(?=$|[\s"';&|>)`*]))/g

function mapScript(script: string, map: (inside: string) => string): string {
  return script.replace(PATH, (place) => {
    const end = place.endsWith("/") ? "/" : ""
    return `${map(place).replace(/\/$/, "")}${end}`
  })
}
