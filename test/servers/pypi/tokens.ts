import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/** What an API token is for. */
export interface Grant {
  id: string
  /** Whose token it is; empty for one that was minted. */
  user: string
  /** Normalised names of the only projects it is good for; null for all. */
  projects: string[] | null
  /** Unix seconds; null for ever. */
  expires: number | null
}

/** What a token turned out to be: a grant, or a refusal's reason. */
export type Reading =
  | { grant: Grant }
  | { invalid: "unknown" | "signature" | "expired" }

/** Makes and reads the tokens of one index. */
export interface Tokens {
  /** Every token that was issued. */
  issued: string[]
  issue(grant: Partial<Grant>): string
  read(token: string): Reading
  revoke(token: string): void
}

const PREFIX = "pypi-"
const SIGNATURE_BYTES = 32

/** Seconds for which a minted token is good. */
export const MINTED_SECONDS = 900

export function makeTokens(now: () => number): Tokens {
  const secret = randomBytes(32)
  const revoked = new Set<string>()
  const sign = (body: Buffer) =>
    createHmac("sha256", secret).update(body).digest()

  const split = (token: string) => {
    if (!token.startsWith(PREFIX)) return undefined
    const bytes = Buffer.from(token.slice(PREFIX.length), "base64url")
    const body = bytes.subarray(0, -SIGNATURE_BYTES)
    try {
      const grant = JSON.parse(body.toString()) as Grant
      return { body, grant, signature: bytes.subarray(-SIGNATURE_BYTES) }
    } catch {
      return undefined // A piece of a token is no token.
    }
  }

  const issued: string[] = []
  return {
    issued,
    issue: ({ user = "", projects = null, expires = null }) => {
      const id = randomBytes(16).toString("hex")
      const body = Buffer.from(JSON.stringify({ id, user, projects, expires }))
      const token = Buffer.concat([body, sign(body)]).toString("base64url")
      issued.push(PREFIX + token)
      return PREFIX + token
    },
    read: (token) => {
      const parts = split(token)
      if (parts === undefined) return { invalid: "unknown" }
      const { body, grant, signature } = parts
      if (!timingSafeEqual(sign(body), signature))
        return { invalid: "signature" }
      if (revoked.has(grant.id)) return { invalid: "unknown" }
      const late = grant.expires !== null && grant.expires <= now() / 1000
      return late ? { invalid: "expired" } : { grant }
    },
    revoke: (token) => {
      const parts = split(token)
      if (parts !== undefined) revoked.add(parts.grant.id)
    },
  }
}
