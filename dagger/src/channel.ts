import { explain } from "@renovatebot/pep440"
import type { Build } from "./ref.js"

/** What a version is to those who install it. */
export type ReleaseKind = "dev" | "a" | "b" | "rc" | "final" | "post"

/** Where each kind of release goes: an index, as `publish` names it, or none. */
export type Channels = Record<ReleaseKind, string>

export const NOWHERE = "none"

/** Where releases go, where nothing else is said. */
export const CHANNELS: Channels = {
  dev: "testpypi",
  a: "pypi",
  b: "pypi",
  rc: "pypi",
  final: "pypi",
  post: "pypi",
}

/** The kind of a release, by its version. */
export function kindOf(version: string): ReleaseKind {
  const read = explain(version)
  if (read?.is_devrelease) return "dev"
  if (read?.pre) return read.pre[0] as "a" | "b" | "rc"
  return read?.is_postrelease ? "post" : "final"
}

/**
 * The table with some rows replaced.
 *
 * @param changes - such as `rc=testpypi`, `dev=none`,
 *   `final=https://pypi.example.com/`
 * @throws a sentence where one is none of that form
 */
export function readChannels(changes: string[]): Channels {
  const channels = { ...CHANNELS }
  for (const change of changes) {
    const [kind = "", ...index] = change.split("=")
    if (!Object.hasOwn(CHANNELS, kind) || index.join("=") === "") {
      throw new Error(
        `--channels=${change} is no channel. Pass KIND=INDEX, KIND one of ${Object.keys(CHANNELS).join(", ")}, INDEX as for publish, or ${NOWHERE}: --channels=rc=testpypi,dev=none.`,
      )
    }
    channels[kind as ReleaseKind] = index.join("=")
  }
  return channels
}

/** Where a build goes. */
export interface Channel {
  kind: ReleaseKind
  /** An index, as `publish` names it; null where it goes nowhere. */
  index: string | null
  why: string
}

/** The channel of what is built: the ref decides, then the kind of version. */
export function channelOf(
  build: Build,
  version: string,
  channels: Channels,
): Channel {
  const kind = kindOf(version)
  if (build.kind === "cycle") {
    const why = `${build.tag} starts a cycle and is not deployed`
    return { kind, index: null, why }
  }
  if (build.kind === "request") {
    return { kind, index: null, why: "a merge request is not deployed" }
  }
  const index = channels[kind]
  return index === NOWHERE
    ? { kind, index: null, why: `${kind} releases go nowhere` }
    : { kind, index, why: `${kind} releases go to ${index}` }
}
