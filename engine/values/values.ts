import type { Filesystem } from "../filesystem/filesystem.js"
import type { Secret } from "../secrets/secret.js"
import type { Service } from "../services/service.js"
import { type Container, containerDigest, type Port } from "./container.js"
import { digestOf } from "./digest.js"

/** A folder of a file system. */
export interface Directory {
  type: "Directory"
  filesystem: Filesystem
  path: string
}

/** A file of a file system. */
export interface File {
  type: "File"
  filesystem: Filesystem
  path: string
}

export interface CacheVolume {
  type: "CacheVolume"
  key: string
}

export interface Changeset {
  type: "Changeset"
  before: Directory
  after: Directory
}

/** A repository with a `.git`, in a directory or at a URL. */
export interface GitRepository {
  type: "GitRepository"
  source: Directory | string
}

/** A ref of a repository, found; the name of a commit is its own. */
export interface GitRef {
  type: "GitRef"
  repository: GitRepository
  name: string
  commit: string
}

export interface Address {
  type: "Address"
  value: string
}

/** Objects without anything but what they show. */
export type Plain =
  | { type: "EnvVariable" | "Label"; name: string; value: string }
  | ({ type: "Port" } & Port)
  | {
      type: "Stat"
      name: string
      size: number
      permissions: number
      fileType: string
    }
  | { type: "Query" | "Host" | "CurrentModule" }

/** Everything that has an id. */
export type Value =
  | Container
  | Directory
  | File
  | CacheVolume
  | Changeset
  | GitRepository
  | GitRef
  | Address
  | Secret
  | Service
  | Plain

/** The digest of how a value was made. */
export function valueDigest(value: Value): string {
  switch (value.type) {
    case "Container":
      return containerDigest(value)
    case "Directory":
    case "File":
      return digestOf(value.type, value.filesystem.digest, value.path)
    case "Changeset":
      return digestOf(
        value.type,
        valueDigest(value.before),
        valueDigest(value.after),
      )
    case "GitRepository":
      return digestOf(
        value.type,
        typeof value.source === "string"
          ? value.source
          : valueDigest(value.source),
      )
    case "GitRef":
      return digestOf(
        value.type,
        valueDigest(value.repository),
        value.name,
        value.commit,
      )
    case "Secret":
    case "Service":
      return value.digest
    default:
      return digestOf(value.type, { ...value })
  }
}
