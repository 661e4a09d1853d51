import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { indexFlags, placeOf } from "../test/e2e/place.js"
import { root } from "../test/root.js"
import { filesOf } from "../test/servers/pypi/holdings.js"
import { type Pypi, startPypi } from "../test/servers/pypi/start.js"
import { run } from "../test/servers/run.js"
import { uvPath } from "../test/servers/uv.js"
import { environment } from "./checks.js"
import { type Measurement, measure } from "./measure.js"

/** The programs that upload, and the index that they all upload to. */
export interface Uploaders {
  index: Pypi
  folder: string
  /** The interpreter of the environment that the module uploads with. */
  python: string
}

/** A project's files, as paths. */
export interface Release {
  project: string
  files: string[]
}

/** Installs the locked tools as the module does, and starts the index. */
export async function prepareUploaders(): Promise<Uploaders> {
  const folder = mkdtempSync(join(tmpdir(), "bench-upload-"))
  const release = join(folder, "release")
  const lock = `--project=${join(root, "dagger/tools")}`
  const group = ["--frozen", "--compile-bytecode", "--only-group=release"]
  await run(uvPath(), ["sync", "--quiet", lock, ...group], {
    env: { ...process.env, UV_PROJECT_ENVIRONMENT: release },
  })
  const python = join(release, "bin/python")
  return { index: await startPypi(), folder, python }
}

/** Has the index as it was at first, for the next to upload the same. */
function empty({ holdings }: Pypi): void {
  for (const { path } of [...holdings.projects.values()].flatMap(filesOf))
    rmSync(path)
  holdings.projects.clear()
}

/** tools/upload.py, as the module runs it. */
export function ours(bench: Uploaders, release: Release): Promise<Measurement> {
  const { index, python } = bench
  const hashed = release.files.map((path) => {
    const sha256 = createHash("sha256").update(readFileSync(path))
    return `--file=${path}=${sha256.digest("hex")}`
  })
  return upload(bench, release.files, python, [
    ...[join(root, "dagger/tools/upload.py"), "--url", uploadUrl(index)],
    ...["--name", release.project, ...hashed],
  ])
}

export function twine(
  bench: Uploaders,
  { files }: Release,
): Promise<Measurement> {
  return upload(bench, files, bench.python, [
    ...["-m", "twine", "upload", "--non-interactive"],
    ...["--disable-progress-bar", "--repository-url", uploadUrl(bench.index)],
    ...files,
  ])
}

export function uv(bench: Uploaders, { files }: Release): Promise<Measurement> {
  const url = ["--publish-url", uploadUrl(bench.index)]
  const args = ["publish", "--no-progress", ...url, ...files]
  return upload(bench, files, uvPath(), args)
}

/** `./call confirm` of a folder with its manifest. */
export function confirm(
  { index }: Uploaders,
  dist: string,
): Promise<Measurement> {
  const flags = [...indexFlags(placeOf(index)), `--dist=${dist}`]
  return measure(join(root, "call"), ["confirm", ...flags], {
    ...{ cwd: root, env: environment() },
  })
}

const uploadUrl = ({ url }: Pypi) => `${url}/legacy/`

/** Onto an empty index, with a token of its own; throws if not all arrives. */
async function upload(
  { index, folder }: Uploaders,
  files: string[],
  command: string,
  args: string[],
): Promise<Measurement> {
  empty(index)
  const token = index.token()
  const env = {
    ...process.env,
    // In a container of the module the tools are new each time.
    PYTHONDONTWRITEBYTECODE: "1",
    PYPI_DEPLOY_CERTIFICATE: index.authority.file,
    SSL_CERT_FILE: index.authority.file,
    REQUESTS_CA_BUNDLE: index.authority.file,
    ...{ INDEX_USERNAME: "__token__", INDEX_PASSWORD: token },
    ...{ TWINE_USERNAME: "__token__", TWINE_PASSWORD: token },
    UV_PUBLISH_TOKEN: token,
  }
  const measured = await measure(command, args, { cwd: folder, env })
  const stored = [...index.holdings.projects.values()].flatMap(filesOf)
  if (stored.length !== files.length)
    throw new Error(
      `${command} left ${stored.length} of ${files.length} files.`,
    )
  return measured
}
