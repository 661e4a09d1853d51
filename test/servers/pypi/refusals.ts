import type { Refusal } from "./answer.js"

const HELP = "https://pypi.org/help/"
const see = (what: string) => `See ${HELP}#${what} for more information.`
const METADATA_HELP =
  "See https://packaging.python.org/specifications/core-metadata for more information."
const LOCAL_HELP =
  "See https://packaging.python.org/en/latest/specifications/version-specifiers/#local-version-identifiers for more information."

/** What a text may name. */
export interface Named {
  /** The project, as it was sent. */
  project: string
  version: string
  user: string
  file: string
  blake2: string
  /** The value that is wrong. */
  value: string
  expected: string
}

type Text = (named: Named) => string
type Row = [status: number, text: string | Text]

/**
 * Every refusal of an upload, in the words of the index. A row is given where
 * its rule is broken (rules.ts), or for every upload by a switch.
 */
export const REFUSALS = {
  "read-only": [403, "Read-only mode: Uploads are temporarily disabled."],
  "uploads-disabled": [
    403,
    `New uploads are temporarily disabled. ${see("admin-intervention")}`,
  ],
  "projects-disabled": [
    403,
    `New project registration temporarily disabled. ${see("admin-intervention")}`,
  ],
  "no-authentication": [
    403,
    `Invalid or non-existent authentication information. ${see("invalid-auth")}`,
  ],
  password: [
    403,
    `Username/Password authentication is no longer supported. Migrate to API Tokens or Trusted Publishers instead. See ${HELP}#apitoken and ${HELP}#trusted-publishers`,
  ],
  "token-signature": [403, "Invalid API Token: signatures do not match"],
  "token-expired": [
    403,
    "Invalid API Token: token is expired, token is expired",
  ],
  "token-scope": [
    403,
    (it) =>
      `Invalid API Token: project-scoped token is not valid for project: '${it.project}', project-scoped token is not valid for project: '${it.project}'`,
  ],
  "minted-scope": [
    403,
    (it) =>
      `Invalid API Token: OIDC scoped token is not valid for project '${it.project}', OIDC scoped token is not valid for project '${it.project}'`,
  ],
  "user-not-allowed": [
    403,
    (it) =>
      `The user '${it.user}' isn't allowed to upload to project '${it.project}'. ${see("project-name")}`,
  ],
  "token-not-allowed": [
    403,
    (it) =>
      `The given token isn't allowed to upload to project '${it.project}'. ${see("project-name")}`,
  ],
  "email-unverified": [
    403,
    (it) =>
      `User '${it.user}' does not have a verified primary email address. Please add a verified primary email before attempting to upload to PyPI. ${see("verified-email")}`,
  ],
  "no-second-factor": [
    403,
    (it) =>
      `User '${it.user}' does not have two-factor authentication enabled. Please enable two-factor authentication before attempting to upload to PyPI. ${see("two-factor-authentication")}`,
  ],
  "too-many-projects": [429, "Too many new projects created"],
  "minted-new-project": [
    400,
    `Non-user identities cannot create new projects. This was probably caused by successfully using a pending publisher but specifying the project name incorrectly (either in the publisher or in your project's metadata). Please ensure that both match. See https://docs.pypi.org/trusted-publishers/troubleshooting/`,
  ],
  attestations: [
    400,
    "Attestations are only supported when using Trusted Publishing",
  ],
  "name-stdlib": [
    400,
    (it) =>
      `The name '${it.project}' isn't allowed (conflict with Python Standard Library module name). ${see("project-name")}`,
  ],
  "name-similar": [
    400,
    (it) =>
      `The name '${it.project}' is too similar to an existing project. ${see("project-name")}`,
  ],
  "version-local": [
    400,
    (it) =>
      `The use of local versions in '${it.version}' is not allowed. ${LOCAL_HELP}`,
  ],
  "version-invalid": [
    400,
    (it) => `'${it.version}' is invalid for 'version'. ${METADATA_HELP}`,
  ],
  "metadata-version": [
    400,
    (it) => `'${it.value}' is not a valid metadata version. ${METADATA_HELP}`,
  ],
  classifier: [
    400,
    (it) => `'${it.value}' is not a valid classifier. ${METADATA_HELP}`,
  ],
  "direct-dependency": [
    400,
    (it) => `Can't have direct dependency: ${it.value}. ${METADATA_HELP}`,
  ],
  "license-and-expression": [
    400,
    `License is deprecated when License-Expression is present. Only License-Expression should be present. ${METADATA_HELP}`,
  ],
  "license-expression": [
    400,
    (it) =>
      `license-expression introduced in metadata version 2.4, not ${it.value}. ${METADATA_HELP}`,
  ],
  "license-file": [
    400,
    (it) =>
      `License-File ${it.value} does not exist in distribution file ${it.file} at ${it.expected}`,
  ],
  summary: [
    400,
    `'summary' field must be 512 characters or less. ${METADATA_HELP}`,
  ],
  description: [
    400,
    `The description failed to render in the default format of reStructuredText. ${see("description-content-type")}`,
  ],
  filename: [
    400,
    (it) => `Filename '${it.file}' is invalid, should be '${it.expected}'.`,
  ],
  "filename-version": [
    400,
    (it) => `Version in filename should be '${it.expected}' not '${it.value}'.`,
  ],
  "filename-start": [
    400,
    (it) => `Start filename for '${it.project}' with '${it.expected}'.`,
  ],
  "file-too-large": [
    400,
    (it) =>
      `File too large. Limit for project '${it.project}' is ${it.value}. ${see("file-size-limit")}`,
  ],
  "project-too-large": [
    400,
    (it) =>
      `Project size too large. Limit for project '${it.project}' total size is ${it.value}. ${see("project-size-limit")}`,
  ],
  digest: [
    400,
    "The digest supplied does not match a digest calculated from the uploaded file.",
  ],
  "file-exists": [
    400,
    (it) =>
      `File already exists ('${it.file}', with blake2_256 hash '${it.blake2}'). ${see("file-name-reuse")}`,
  ],
  "file-deleted": [
    400,
    `This filename was previously used by a file that has since been deleted. Use a different version. ${see("file-name-reuse")}`,
  ],
  "release-closed": [
    400,
    "Uploading new files to releases older than 14 days is not allowed.",
  ],
  "second-sdist": [400, "Only one sdist may be uploaded per release."],
  archive: [400, (it) => `Invalid distribution file. ${it.value}`],
  record: [
    400,
    (it) =>
      `Wheel '${it.file}' does not contain the required RECORD file: ${it.expected}`,
  ],
  platform: [
    400,
    (it) =>
      `Binary wheel '${it.file}' has an unsupported platform tag '${it.value}'.`,
  ],
} as const satisfies Record<string, Row>

/** Which refusal: a row's name. */
export type RefusalId = keyof typeof REFUSALS

export const refusalIds = Object.keys(REFUSALS) as RefusalId[]

/** A row as it is sent. */
export function refusal(id: RefusalId, named: Named): Refusal {
  const [status, text]: Row = REFUSALS[id]
  return { status, reason: typeof text === "string" ? text : text(named) }
}
