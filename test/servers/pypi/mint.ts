import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from "jose"
import {
  type Claims,
  NoPublisherError,
  publisherOf,
} from "../../../dagger/src/claims.js"
import type { Answer } from "./answer.js"
import { addProject, type Holdings, normalised } from "./holdings.js"
import type { Issuer } from "./issuer.js"
import type { Switches } from "./switches.js"
import type { Tokens } from "./tokens.js"

/** What minting needs to know. */
export interface Mint {
  holdings: Holdings
  issuer: Issuer
  tokens: Tokens
  audience: string
  switches: Pick<Switches, "oidc" | "github" | "mintedSeconds">
  /** Ids of the ID tokens that were used. */
  used: Set<string>
  now(): number
}

/** Seconds by which an expired token is still taken. */
const LEEWAY_SECONDS = 30

class MintError extends Error {
  constructor(
    readonly code: string,
    description: string,
  ) {
    super(description)
  }
}

export function audience({ audience, switches }: Mint): Answer {
  return switches.oidc
    ? { status: 200, json: { audience } }
    : {
        status: 403,
        json: { message: "Trusted publishing functionality not enabled" },
      }
}

/** The ID token in a request's body. */
function idToken(body: string): string {
  try {
    const { token } = JSON.parse(body) as { token?: unknown }
    if (typeof token === "string") return token
  } catch {
    // No JSON: refused as JSON without a token is.
  }
  throw new MintError("invalid-payload", "Input should be a valid string")
}

function issuerOf(token: string): string {
  let claims: JWTPayload
  try {
    claims = decodeJwt(token)
  } catch {
    throw new MintError("invalid-payload", "malformed JWT")
  }
  if (claims.iss === undefined)
    throw new MintError("invalid-payload", "malformed JWT")
  return claims.iss
}

async function verified(token: string, mint: Mint): Promise<Claims> {
  const { issuer, audience, now } = mint
  try {
    const { payload } = await jwtVerify(
      token,
      createLocalJWKSet(issuer.keys as JSONWebKeySet),
      {
        algorithms: ["RS256"],
        issuer: issuer.url,
        audience,
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(now()),
        requiredClaims: ["iat", "exp", "nbf"],
      },
    )
    // The index takes one audience, and no list of them.
    if (payload.aud === audience) return payload as Claims
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
  }
  throw new MintError("invalid-token", "malformed or invalid token")
}

/** The publisher's projects; a pending one's is made. */
function projectsOf(claims: Claims, { holdings }: Mint): string[] {
  try {
    const pending = publisherOf(holdings.pending, claims)
    if (holdings.projects.has(normalised(pending.project)))
      throw new MintError(
        "invalid-pending-publisher",
        "valid token, but project already exists",
      )
    holdings.pending.splice(holdings.pending.indexOf(pending), 1)
    const project = addProject(holdings, pending.project, pending.user)
    project.publishers.push(pending)
  } catch (error) {
    if (!(error instanceof NoPublisherError)) throw error
  }
  const all = [...holdings.projects.values()]
  const registered = [...new Set(all.flatMap((it) => it.publishers))]
  const publisher = publisherOf(registered, claims)
  return all
    .filter((it) => it.publishers.includes(publisher))
    .map((it) => normalised(it.name))
}

async function minted(body: string, mint: Mint): Promise<Answer> {
  const { issuer, switches, tokens, used, now } = mint
  const token = idToken(body)
  if (issuerOf(token) !== issuer.url)
    throw new MintError("invalid-payload", "unknown trusted publishing issuer")
  if (!switches.oidc || !switches.github)
    throw new MintError(
      "not-enabled",
      "github trusted publishing functionality not enabled",
    )
  const claims = await verified(token, mint)
  if (claims.jti !== undefined && used.has(claims.jti))
    throw new MintError("invalid-reuse-token", "invalid token: already used")
  let projects: string[]
  try {
    projects = projectsOf(claims, mint)
  } catch (error) {
    if (!(error instanceof NoPublisherError)) throw error
    throw new MintError(
      "invalid-publisher",
      `valid token, but no corresponding publisher (${error.message})`,
    )
  }
  used.add(claims.jti ?? "")
  const expires = Math.floor(now() / 1000) + switches.mintedSeconds
  const made = tokens.issue({ projects, expires })
  return { status: 200, json: { success: true, token: made, expires } }
}

/** Changes an ID token for an API token of 15 minutes, or says why not. */
export async function mint(body: string, how: Mint): Promise<Answer> {
  try {
    return await minted(body, how)
  } catch (error) {
    if (!(error instanceof MintError)) throw error
    const errors = [{ code: error.code, description: error.message }]
    return { status: 422, json: { message: "Token request failed", errors } }
  }
}
