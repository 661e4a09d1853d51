import type {
  Asset,
  GitHubFacts,
  GitHubRelease,
} from "../../../../dagger/src/github/facts.js"
import type { Wanted } from "../../../../dagger/src/release/decide.js"
import { PLAIN } from "../../../../dagger/src/tagging.js"

export const COMMIT = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d"

export const FILES = [
  { name: "demo-1.2.0.tar.gz", sha256: "aa" },
  { name: "demo-1.2.0-py3-none-any.whl", sha256: "bb" },
]

export function wanted(changes: Partial<Wanted> = {}): Wanted {
  return {
    ...{ project: "demo", version: "1.2.0", tag: "v1.2.0", tagging: PLAIN },
    ...{ commit: COMMIT, confirmed: false, files: FILES },
    body: {
      ...{ notes: "Notes.", install: "pip install demo==1.2.0" },
      ...{ files: FILES, more: "https://x.example/" },
    },
    ...changes,
  }
}

export function asset(changes: Partial<Asset> = {}): Asset {
  return {
    ...{ id: 1, name: "demo-1.2.0.tar.gz", state: "uploaded", size: 1 },
    ...{ sha256: "aa", ...changes },
  }
}

export function release(changes: Partial<GitHubRelease> = {}): GitHubRelease {
  return {
    ...{ id: 5, name: "v1.2.0", body: "", draft: true, prerelease: false },
    ...{ immutable: false, page: "https://x.example/r", upload: "https://u" },
    ...{ assets: [], ...changes },
  }
}

export function facts(changes: Partial<GitHubFacts> = {}): GitHubFacts {
  return { commit: COMMIT, latest: null, releases: [], others: [], ...changes }
}
