import type { Directory, File } from "@dagger.io/dagger"
import { Attestations } from "./attestations.js"
import { base, withLocked, withTools } from "./container.js"
import { type Identity, withIdentity } from "./identity.js"
import type { DistFile } from "./manifest.js"
import type { Stopwatch } from "./pass.js"
import { ask } from "./tool.js"
import { READER, type Reach, withIndex } from "./upload.js"

/** Who signs, and whether it has to be. */
export interface SignRequest {
  reach: Reach
  identity: Identity
  attestations: Attestations
  dryRun: boolean
}

/** What was signed. */
export interface Signed {
  /** Attestations by file name, as JSON; none where nothing is signed. */
  file?: File
  names: string[]
  notices: string[]
}

/** What tools/attest.py prints. */
interface Answer {
  signed: string[]
  /** Why not all files are signed; empty where they are. */
  problem: string
}

const OUT = "/out/attestations.json"

/** Why nothing can be signed here; empty where it can. */
export function unsignable({ reach, identity }: SignRequest): string {
  const { target } = reach
  if (!target.pypiRules && target.id !== "url") {
    return "a rehearsal's index takes no attestations"
  }
  return identity.requestUrl && identity.requestToken
    ? ""
    : "attestations need --oidc-request-url and --oidc-request-token, to ask for an identity that signs"
}

/**
 * Signs files with the identity of the job that uploads them (PEP 740). By
 * best effort a fault is a notice: no outage of Sigstore blocks an upload.
 *
 * @throws a sentence where signing is required, and does not work
 */
export async function signFiles(
  request: SignRequest,
  dist: Directory,
  files: DistFile[],
  watch: Stopwatch,
): Promise<Signed> {
  const nothing: Signed = { names: [], notices: [] }
  const required = request.attestations === Attestations.Required
  if (request.attestations === Attestations.Off || request.dryRun) {
    return nothing
  }
  const lacking = unsignable(request)
  if (lacking !== "" && required) {
    throw new Error(`--attestations=required: ${lacking}.`)
  }
  if (lacking !== "") return nothing
  const container = base()
    .with(withLocked("attestations"))
    .with(withTools("attest.py", "exchange.py", "claims.py", ...READER))
    .withMountedDirectory("/dist", dist)
    .withNewFile(OUT, "{}")
    .with(withIndex(request.reach))
    .with(withIdentity(request.identity))
  const command = [
    ...["/opt/attestations/bin/python", "/tools/attest.py", "--out", OUT],
    ...files.map(({ name }) => `/dist/${name}`),
  ]
  const { signed, problem } = await watch.time("sign", () =>
    ask<Answer>(container, "Signing", command),
  )
  const missing = files.filter(({ name }) => !signed.includes(name))
  if (problem === "" && missing.length === 0) {
    const file = container.withExec(command).file(OUT)
    return { file, names: signed, notices: [] }
  }
  const said = `Nothing is signed: ${problem}.`
  if (required) {
    throw new Error(
      `${said} Nothing was uploaded, as --attestations=required asks. Run the same publish again, or with --attestations=best_effort.`,
    )
  }
  return { ...nothing, notices: [said] }
}
