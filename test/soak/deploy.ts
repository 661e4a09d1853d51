import { readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { MANIFEST, type Manifest } from "../../dagger/src/manifest.js"
import { startCall } from "../e2e/start.js"
import { makeDist } from "../fixtures/distribution.js"
import { type FaultKind, faultKinds } from "../servers/faults/faults.js"
import { type FaultProxy, startFaults } from "../servers/faults/proxy.js"
import { HOST, type Pypi } from "../servers/pypi/start.js"
import { run } from "../servers/run.js"
import { uvPath } from "../servers/uv.js"
import { type Expected, type Judgement, judge, stored } from "./truth.js"

/** One deployment, as it went. */
export interface Deployment extends Judgement {
  number: number
  seconds: number
  exitCode: number
  /** Whether uv installs it from the index, past the faults. */
  installable: boolean
  faults: Partial<Record<FaultKind, number>>
  /** Requests in all. */
  requests: number
  stderr: string
}

/** What deployments of a run have in common. */
export interface Soak {
  index: Pypi
  seed: number
  /** The part of all requests that a fault hits. */
  rate: number
  /** $XDG_CACHE_HOME: a store for the whole run. */
  cache: string
}

const PROJECT = "soaked"

/** A deployment's own version; none comes twice. */
const versionOf = (number: number) => `1.0.${number}`

async function isInstallable(index: Pypi, version: string): Promise<boolean> {
  const target = join(tmpdir(), `soak-${version}`)
  const packages = ["--default-index", `${index.url}/simple/`, "--no-cache"]
  const env = { ...process.env, SSL_CERT_FILE: index.authority.file }
  try {
    const release = `${PROJECT}==${version}`
    const install = ["pip", "install", "--target", target, ...packages, release]
    await run(uvPath(), ["--quiet", ...install], { env })
    const code = join(target, PROJECT, "__init__.py")
    return readFileSync(code, "utf8").includes(`"${version}"`)
  } catch {
    return false
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
}

/** `./call publish --dist` to the index, through the proxy. */
async function publish(
  dist: string,
  { port }: FaultProxy,
  { index, cache }: Soak,
) {
  const { ended } = startCall(
    [
      ...["publish", `--dist=${dist}`, `--index=https://index:${port}/legacy/`],
      `--index-service=tcp://127.0.0.1:${port}`,
      `--certificate=${index.authority.file}`,
      ...["--token=env:SOAK_TOKEN", "--format=json"],
    ],
    { cache, environment: { SOAK_TOKEN: index.token() } },
  )
  const { exitCode, stdout, stderr } = await ended
  const receipt = exitCode === 0 ? JSON.parse(stdout) : { files: [] }
  return { exitCode, stderr, files: receipt.files as Expected[] }
}

/** Publishes one new version through faults that its number and seed decide. */
export async function deploy(number: number, soak: Soak): Promise<Deployment> {
  const { index, seed, rate } = soak
  const version = versionOf(number)
  const dist = await makeDist({ name: PROJECT, version })
  const manifest = readFileSync(join(dist, MANIFEST), "utf8")
  const { files } = JSON.parse(manifest) as Manifest
  const proxy = await startFaults({
    upstream: { url: index.url, ca: index.authority.pem },
    certificate: index.authority.issue([HOST, "127.0.0.1"]),
    ...{ seed: seed * 1_000_003 + number, rate, kinds: faultKinds },
  })
  const start = Date.now()
  const said = await publish(dist, proxy, soak)
  const seconds = (Date.now() - start) / 1000
  await proxy.stop()
  rmSync(dist, { recursive: true })
  const installable = await isInstallable(index, version)
  return {
    ...{ number, seconds, installable },
    ...judge(files, stored(index, PROJECT, version), said),
    ...{ exitCode: said.exitCode, stderr: said.stderr },
    faults: proxy.counts(),
    requests: proxy.log.length,
  }
}
