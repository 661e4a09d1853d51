import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import type { Repository } from "../test/fixtures/repository.js"
import { root } from "../test/root.js"
import { emptyPypiserver, type PypiServer } from "../test/servers/pypiserver.js"
import { run } from "../test/servers/run.js"
import { uvPath } from "../test/servers/uv.js"
import { environment } from "./checks.js"
import { type Measurement, measure } from "./measure.js"

/** Both workflows publish one repository, each to an index of its own. */
export interface Bench {
  repository: Repository
  classicIndex: PypiServer
  ourIndex: PypiServer
}

/**
 * One run of the classic workflow, on a fresh clone and an empty index: it
 * has no way to find an upload done already, so it does everything each time.
 */
export async function classic(bench: Bench): Promise<Measurement> {
  emptyPypiserver(bench.classicIndex)
  const folder = mkdtempSync(join(tmpdir(), "classic-"))
  const clone = join(folder, "clone")
  await run("git", ["clone", "--quiet", bench.repository.path, clone])
  const python = await run(uvPath(), ["python", "find", "3.11"])
  return measure(
    join(root, "bench/classic.sh"),
    [python.trim(), clone, bench.classicIndex.url],
    {
      cwd: folder,
      env: {
        ...environment(),
        // Public indexes refuse the local part of a version.
        SETUPTOOLS_SCM_OVERRIDES_FOR_PLUGGY:
          '{local_scheme="no-local-version"}',
      },
    },
  )
}

/** One run of `./call publish` with every gate on. */
export function publish({ repository, ourIndex }: Bench): Promise<Measurement> {
  return call([
    "publish",
    `--source=${repository.path}`,
    `--index=http://index:${ourIndex.port}/`,
    `--index-service=tcp://127.0.0.1:${ourIndex.port}`,
  ])
}

/** One run of `./call version`. */
export function version({ repository }: Bench): Promise<Measurement> {
  return call(["version", `--source=${repository.path}`])
}

/** One run of `./call --help`. */
export function help(): Promise<Measurement> {
  return call(["--help"])
}

function call(args: string[]): Promise<Measurement> {
  return measure(join(root, "call"), args, { cwd: root, env: environment() })
}
