import { createHash } from "node:crypto"

/** A file of a release. */
export interface Asset {
  id: number
  name: string
  /** `starter` is what a broken upload leaves. */
  state: "starter" | "uploaded"
  bytes: Buffer
}

/** A release, as the API has its fields. */
export interface Release {
  id: number
  tag_name: string
  target_commitish: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  immutable: boolean
  assets: Asset[]
}

/** A repository on GitHub, as far as releases go. */
export interface State {
  owner: string
  repository: string
  /** Tags: a commit, or an annotated tag's object. */
  refs: Map<string, { type: "commit" | "tag"; sha: string }>
  /** Commits of annotated tags, by the tag object's id. */
  tagObjects: Map<string, string>
  commits: Set<string>
  releases: Release[]
  /** The release that is shown as the latest. */
  latest: number | null
  /** Whether published releases can be changed no more. */
  immutable: boolean
  /** Whether assets say their digest: GitHub's do since June 2025. */
  digests: boolean
}

export function newState(owner: string, repository: string): State {
  return {
    ...{ owner, repository, releases: [], latest: null },
    refs: new Map(),
    tagObjects: new Map(),
    commits: new Set(),
    ...{ immutable: false, digests: true },
  }
}

/** Ids that rise, across all kinds of objects. */
export function newId(): number {
  ids += 1
  return ids
}
let ids = 1000

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex")
}

/** Special characters in names become dots, as GitHub does it. */
export function assetName(name: string): string {
  return name
    .replace(/[^\w.+@-]+/g, ".")
    .replace(/^\.+/, "default.")
    .replace(/\.+$/, "")
}
