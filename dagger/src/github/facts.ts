/** A file of a release, as tools/github/look.ts tells it. */
export interface Asset {
  id: number
  name: string
  /** `uploaded`; anything else is what a broken upload left. */
  state: string
  size: number
  /** null where it is not uploaded. */
  sha256: string | null
}

/** A release of the tag that was asked for. */
export interface GitHubRelease {
  id: number
  name: string
  body: string
  draft: boolean
  prerelease: boolean
  /** Whether it can be changed no more. */
  immutable: boolean
  /** Its page, for people. */
  page: string
  /** Where its files are sent. */
  upload: string
  assets: Asset[]
}

/** Another release of the repository. */
export interface OtherRelease {
  id: number
  tag: string
  draft: boolean
  prerelease: boolean
}

/** What GitHub has of a release. */
export interface GitHubFacts {
  /** The tag's commit; null where there is no such tag. */
  commit: string | null
  /** The tag of the release that is shown as the latest. */
  latest: string | null
  releases: GitHubRelease[]
  others: OtherRelease[]
}

/** A change of a release, by the API's names. */
export interface Changes {
  name?: string
  body?: string
  draft?: boolean
  prerelease?: boolean
  make_latest?: "true" | "false"
}

/** One step on GitHub, as tools/github/act.ts takes it. */
export type Step =
  | { does: "tag"; tag: string; commit: string; message: string }
  | { does: "create"; tag: string; fields: Changes }
  | { does: "discard"; asset: number; name: string }
  | { does: "upload"; to: string; name: string }
  | { does: "update"; release: number; changes: Changes }
