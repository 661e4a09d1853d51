import type { RefusalId } from "./refusals.js"
import { MINTED_SECONDS } from "./tokens.js"

/** What a test can have the index do. */
export interface Switches {
  readOnly: boolean
  uploadsDisabled: boolean
  projectsDisabled: boolean
  tooManyProjects: boolean
  /** Bytes. */
  largestFile: number
  largestProject: number
  /** Users without a verified address, and without a second factor. */
  unverified: Set<string>
  withoutSecondFactor: Set<string>
  /** Trusted publishing at all, and for GitHub. */
  oidc: boolean
  github: boolean
  /** For which a minted token is good. */
  mintedSeconds: number
  /** Refuses every upload for this reason, whatever it is. */
  refuse: RefusalId | null
  /** Seconds that an upload takes after its last byte. */
  thinking: number
}

export function defaultSwitches(): Switches {
  return {
    readOnly: false,
    uploadsDisabled: false,
    projectsDisabled: false,
    tooManyProjects: false,
    largestFile: 100 * 1024 * 1024,
    largestProject: 10 * 1024 ** 3,
    unverified: new Set(),
    withoutSecondFactor: new Set(),
    oidc: true,
    github: true,
    mintedSeconds: MINTED_SECONDS,
    refuse: null,
    thinking: 0,
  }
}
