import type { Container, Secret } from "@dagger.io/dagger"
import type { Target } from "./target.js"

/** What a CI job shows an index in place of a token (trusted publishing). */
export interface Identity {
  /** Where the job asks for identity tokens, and what with. */
  requestUrl?: Secret
  requestToken?: Secret
  /** One identity token, where the CI service hands them out itself. */
  idToken?: Secret
}

/** Which flags of an upload were given. */
export interface ShownFlags {
  target: Pick<Target, "id" | "upload" | "pypiRules">
  token: boolean
  allowToken: boolean
  requestUrl: boolean
  requestToken: boolean
  idToken: boolean
  /** Whether `--index-service` was given, or a rehearsal's index is started. */
  service: boolean
}

/** Whether there is a whole identity. */
export function identified(shown: Omit<ShownFlags, "target">): boolean {
  return shown.idToken || (shown.requestUrl && shown.requestToken)
}

const REQUEST =
  "--oidc-request-url=env:ACTIONS_ID_TOKEN_REQUEST_URL --oidc-request-token=env:ACTIONS_ID_TOKEN_REQUEST_TOKEN"

/** Why these credentials cannot be shown to that index, in sentences. */
export function identityRefusals(shown: ShownFlags): string[] {
  const { target, token, allowToken, requestUrl, requestToken } = shown
  const whole = identified(shown)
  const plain = new URL(target.upload).protocol === "http:"
  const rows: [wrong: boolean, sentence: string][] = [
    [
      requestUrl !== requestToken,
      `--oidc-request-url and --oidc-request-token go together: ${REQUEST}. GitHub sets both variables in jobs with \`permissions: id-token: write\`.`,
    ],
    [
      whole && token,
      "A token and an identity were given, and one upload has one credential. Leave --token out to publish by trusted publishing.",
    ],
    [
      whole && target.id === "rehearsal",
      "A rehearsal makes the identities of the project's jobs itself, from .github/workflows. Leave --oidc-request-url, --oidc-request-token and --id-token out.",
    ],
    [
      whole && plain && !shown.service,
      `Identity tokens are not sent over plain http: ${target.upload}. Pass an https URL.`,
    ],
    [
      target.pypiRules && token && !allowToken,
      `${target.id} has trusted publishing, which needs no token that could leak: ${REQUEST}. To publish with a token all the same, add --allow-token.`,
    ],
    [
      target.pypiRules && !token && !whole,
      `${target.id} wants to know who publishes. In GitHub Actions pass ${REQUEST}, in GitLab --id-token=env:PYPI_ID_TOKEN; elsewhere --token=env:NAME --allow-token, with an API token of the project in that variable.`,
    ],
  ]
  return rows.flatMap(([wrong, sentence]) => (wrong ? [sentence] : []))
}

/** Gives a command the identity, in variables that tools/exchange.py reads. */
export function withIdentity(identity: Identity) {
  return (container: Container): Container => {
    const variables: [string, Secret | undefined][] = [
      ["OIDC_REQUEST_URL", identity.requestUrl],
      ["OIDC_REQUEST_TOKEN", identity.requestToken],
      ["OIDC_ID_TOKEN", identity.idToken],
    ]
    return variables.reduce(
      (changed, [name, secret]) =>
        secret ? changed.withSecretVariable(name, secret) : changed,
      container,
    )
  }
}
