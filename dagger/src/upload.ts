import type {
  Container,
  Directory,
  File,
  Secret,
  Service,
} from "@dagger.io/dagger"
import { base, withLocked, withTools } from "./container.js"
import { type Identity, withIdentity } from "./identity.js"
import type { DistFile } from "./manifest.js"
import type { Target } from "./target.js"
import { isFailedExec } from "./tool.js"
import { brokenOff, type Uploads } from "./uploads.js"

/** An index, and how this call reaches it. */
export interface Reach {
  target: Target
  /** The server behind the URL's host name, where it is none of the world's. */
  service?: Service
  username: string
  token?: Secret
  /** CAs that are trusted beside the system's, as PEM. */
  certificate?: File
}

const CERTIFICATE = "/certificate.pem"

/**
 * The time, so that the command runs: what a server holds is not in the key
 * of any cache, and a token is the same as the last time.
 */
export function withAskedAt(container: Container): Container {
  return container.withEnvVariable(
    "PYPI_DEPLOY_ASKED_AT",
    `${new Date().toISOString()} ${Math.random()}`,
  )
}

/** Lets a container talk to the index, now. */
export function withIndex(reach: Reach) {
  const { target, service, username, token, certificate } = reach
  return (container: Container): Container => {
    const host = new URL(target.upload).hostname
    const bound = service
      ? container.withServiceBinding(host, service)
      : container
    const trusting = certificate
      ? bound
          .withMountedFile(CERTIFICATE, certificate)
          .withEnvVariable("PYPI_DEPLOY_CERTIFICATE", CERTIFICATE)
      : bound
    const asked = trusting.with(withAskedAt)
    return token
      ? asked
          .withEnvVariable("INDEX_USERNAME", username)
          .withSecretVariable("INDEX_PASSWORD", token)
      : asked
  }
}

/** What to upload, and how. */
export interface UploadRequest {
  dist: Directory
  project: string
  /** In the order in which they go up. */
  files: DistFile[]
  identity: Identity
  /** Attestations by file name, as JSON. */
  attestations?: File
  /** Seconds that faults are waited out for. */
  deadline: number
  dryRun: boolean
}

/** What tools/index.py imports, and whoever waits for an index. */
export const READER = ["index.py", "origins.py", "faults.py", "patience.py"]

/** What tools/upload.py imports. */
const UPLOADER = [
  ...["upload.py", "send.py", "shelf.py", "refusals.py"],
  ...["exchange.py", "claims.py", "minted.py", ...READER],
]

/**
 * Uploads files to an index; see tools/upload.py.
 *
 * @returns what became of each file, and the `error` where that is not all
 */
export async function uploadFiles(
  reach: Reach,
  request: UploadRequest,
): Promise<Uploads> {
  const { dist, project, files, identity, attestations } = request
  const { upload, simple } = reach.target
  const container = base()
    .with(withLocked("release"))
    .with(withTools(...UPLOADER))
    .withMountedDirectory("/dist", dist)
    .with(withIndex(reach))
    .with(withIdentity(identity))
  const signed = attestations
    ? container.withMountedFile("/attestations.json", attestations)
    : container
  const uploading = signed.withExec([
    ...["/opt/release/bin/python", "/tools/upload.py"],
    ...["--url", upload, "--simple", simple, "--name", project],
    ...["--deadline", String(request.deadline)],
    ...(attestations ? ["--attestations", "/attestations.json"] : []),
    ...(request.dryRun ? ["--dry-run"] : []),
    ...files.flatMap(({ name, sha256 }) => [
      ...["--file", `/dist/${name}=${sha256}`],
    ]),
  ])
  try {
    return JSON.parse(await uploading.stdout()) as Uploads
  } catch (error) {
    if (isFailedExec(error)) return brokenOff(error)
    throw error
  }
}
