import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { beforeAll, describe, expect, inject, test } from "vitest"

import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { root } from "../root.js"
import { engine } from "./call.js"
import { start } from "./start.js"

const examples = join(root, "examples")
let repository: Repository
beforeAll(async () => {
  repository = await project("pluggy", { commits: 1 })
})

/**
 * A folder with a program `dagger` that calls this repository's module, not
 * the published one, on the chosen engine.
 */
function programs(): string {
  const folder = mkdtempSync(join(tmpdir(), "programs-"))
  const call =
    engine === "dagger"
      ? `PATH=\${PATH#*:}; exec dagger -m '${root}' call --silent "$@"`
      : `exec '${join(root, "call")}' --silent "$@"`
  const script = `#!/bin/sh
[ "$1 $2 $3" = "-m github.com/pypi-deploy/pypi-deploy call" ] || exit 9
shift 3
${call}
`
  writeFileSync(join(folder, "dagger"), script)
  chmodSync(join(folder, "dagger"), 0o755)
  return folder
}

const results: Record<string, (stdout: string) => void> = {
  "pypi-deploy_version.sh": (stdout) => expect(stdout).toMatch(/^\d+\.\d+/),
  "pypi-deploy_build.sh": () =>
    expect(
      readdirSync(join(repository.path, "dist")).map((name) =>
        name.replace(/.*\.(whl|tar\.gz|json)$/, "$1"),
      ),
    ).toEqual(expect.arrayContaining(["whl", "tar.gz"])),
  "pypi-deploy_publish_rehearsal.sh": (stdout) =>
    expect(stdout).toMatch(/rehearsal/),
}

describe("the shell examples", () => {
  test("are all run here", () => {
    expect(readdirSync(join(examples, "shell")).sort()).toEqual(
      Object.keys(results).sort(),
    )
  })

  test.each(Object.entries(results))("%s", async (name, check) => {
    const { exitCode, stdout, stderr } = await start(
      join(examples, "shell", name),
      [],
      {
        cwd: repository.path,
        env: {
          ...process.env,
          PATH: `${programs()}${delimiter}${process.env.PATH}`,
          XDG_CACHE_HOME: inject("cache"),
        },
      },
    ).ended
    expect(exitCode, stderr).toBe(0)
    check(stdout)
  })
})

// They depend on this module, which the embedded engine does not load for
// others. Go and Python need what not every engine has or can fetch: name the
// SDKs to be run, e.g. PYPI_DEPLOY_EXAMPLES=typescript,go,python.
const sdks = (process.env.PYPI_DEPLOY_EXAMPLES ?? "typescript").split(",")
describe.runIf(engine === "dagger")("the examples of an SDK", () => {
  const call = (sdk: string, words: string[]) =>
    start("dagger", ["call", "--silent", "-m", join(examples, sdk), ...words], {
      cwd: root,
    }).ended

  test.each(sdks)(
    "in %s",
    async (sdk) => {
      const source = `--source=${repository.path}`
      const version = await call(sdk, ["pypi-deploy-version", source])
      expect(version.exitCode, version.stderr).toBe(0)
      expect(version.stdout).toMatch(/^\d+\.\d+/)
      const build = await call(sdk, ["pypi-deploy-build", source, "entries"])
      expect(build.stdout).toMatch(/\.whl$/m)
    },
    300_000,
  )
})

test("each example is a module that depends on this one", () => {
  for (const sdk of ["typescript", "go", "python"])
    expect(existsSync(join(examples, sdk, "dagger.json"))).toBe(true)
})
