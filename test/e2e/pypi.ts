import type { Pypi } from "../servers/pypi/start.js"
import { call } from "./call.js"
import { indexFlags, type Place } from "./place.js"
import type { Outcome } from "./start.js"

/** `publish` with an API token; never throws. */
export function publishWithToken(
  place: Place,
  token: string,
  ...flags: string[]
): Promise<Outcome> {
  const args = ["publish", ...indexFlags(place), "--token=env:INDEX_TOKEN"]
  const environment = { INDEX_TOKEN: token }
  return call([...args, ...flags], { environment })
}

/** What a job of GitHub Actions has, for an index's own issuer. */
export function jobVariables({ port, issuer }: Pypi): Record<string, string> {
  return {
    OIDC_URL: `https://index:${port}/actions/id-token?api-version=2.0`,
    OIDC_TOKEN: issuer.requestToken,
  }
}

/** `publish` by trusted publishing, as a job of GitHub Actions; never throws. */
export function publishTrusted(
  index: Pypi,
  place: Place,
  ...flags: string[]
): Promise<Outcome> {
  const args = [
    ...["publish", ...indexFlags(place)],
    "--oidc-request-url=env:OIDC_URL",
    "--oidc-request-token=env:OIDC_TOKEN",
    // Sigstore is none of this index's.
    "--attestations=off",
    ...flags,
  ]
  const environment = jobVariables({ ...index, port: place.port })
  return call(args, { environment })
}

/** The receipt of a call with `--format=json`. */
export function receiptOf({ exitCode, stdout, stderr }: Outcome): Receipt {
  if (exitCode !== 0) throw new Error(`It ended with ${exitCode}: ${stderr}`)
  return JSON.parse(stdout) as Receipt
}

/** What these tests read of a receipt. */
export interface Receipt {
  project: string
  version: string
  ref: string | null
  files: {
    name: string
    sha256: string
    outcome: "uploaded" | "already there"
    attempts: number
  }[]
}
