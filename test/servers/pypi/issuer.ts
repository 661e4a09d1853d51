import { randomBytes, randomUUID } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose"

import { type Claims, jobClaims } from "../../../dagger/src/claims.js"
import type { Answer } from "./answer.js"

/** What a token may differ in from the one that GitHub would give. */
export interface Signing {
  audience?: string | string[]
  /** Unix seconds; default: now. */
  issued?: number
  /** Seconds until it expires. */
  lifetime?: number
  keyId?: string
  /** Signs with a key that nobody published. */
  foreignKey?: boolean
}

/** An issuer of ID tokens, as GitHub Actions has one. */
export interface Issuer {
  url: string
  /** Its public keys. */
  keys: { keys: object[] }
  /** What the tokens say, besides who issued them when and for whom. */
  claims: Claims
  /** The job's ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  requestToken: string
  /** The tokens that it gave to whoever asked. */
  given: string[]
  sign(claims?: Claims, signing?: Signing): Promise<string>
}

export async function makeIssuer(url: string): Promise<Issuer> {
  const own = await generateKeyPair("RS256", { extractable: true })
  const foreign = await generateKeyPair("RS256")
  const kid = randomUUID()
  const jwk = await exportJWK(own.publicKey)
  const issuer: Issuer = {
    url,
    keys: { keys: [{ ...jwk, kid, alg: "RS256", use: "sig" }] },
    claims: jobClaims("example/greeter", "publish.yml"),
    requestToken: randomBytes(24).toString("base64url"),
    given: [],
    sign: (claims = issuer.claims, signing = {}) => {
      const { audience = "pypi", lifetime = 300, keyId = kid } = signing
      const { issued = Math.floor(Date.now() / 1000) } = signing
      const said = JSON.parse(JSON.stringify(claims)) as JWTPayload
      return new SignJWT({ jti: randomUUID(), ...said })
        .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: keyId })
        .setIssuer(url)
        .setAudience(audience)
        .setIssuedAt(issued)
        .setNotBefore(issued)
        .setExpirationTime(issued + lifetime)
        .sign((signing.foreignKey ? foreign : own).privateKey)
    },
  }
  return issuer
}

/** What `$ACTIONS_ID_TOKEN_REQUEST_URL&audience=AUDIENCE` answers. */
export async function requestedToken(
  issuer: Issuer,
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<Answer> {
  const said = request.headers.authorization ?? ""
  if (said.toLowerCase() !== `bearer ${issuer.requestToken}`.toLowerCase())
    return { status: 401, json: { message: "Bad credentials" } }
  const audience = query.get("audience") ?? "https://github.com/example"
  const value = await issuer.sign(issuer.claims, { audience })
  issuer.given.push(value)
  return { status: 200, json: { count: value.length, value } }
}
