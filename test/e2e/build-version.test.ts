import { cpSync, mkdtempSync, readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { describe, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import { run } from "../servers/run.js"
import { uvPath } from "../servers/uv.js"
import { call } from "./call.js"
import { build } from "./dist.js"
import { expectSentence } from "./expect.js"

const pyproject = (settings: string) => `[build-system]
requires = ["setuptools>=64", "setuptools-scm>=8"]
build-backend = "setuptools.build_meta"
[project]
name = "greeter"
dynamic = ["version"]
${settings}
`
const read = (archive: string, member: string) =>
  archive.endsWith(".whl")
    ? run("unzip", ["-p", archive, member])
    : run("tar", ["xzOf", archive, "--wildcards", `*/${member}`])

describe("build, of a project whose scheme has to be mended", () => {
  const files = {
    "pyproject.toml": pyproject(`[tool.setuptools_scm]
version_file = "greeter/_version.py"
version_scheme = "semver-pep440-release-branch"`),
    ".gitignore": "_version.py\n",
  }

  test("keeps the commit in _version.py, in sdist and wheel", async () => {
    const options = { files, tag: "v1.0rc1", commits: 1 }
    const repository = await project("flat-layout", options)
    const node = `g${repository.git("rev-parse", "HEAD").slice(0, 9)}`
    const { sdist, wheel } = await build(repository.path)
    for (const archive of [sdist, wheel]) {
      const text = await read(archive, "greeter/_version.py")
      expect(text).toContain("version = '1.0rc2.dev1'")
      expect(text).toContain(`commit_id = '${node}'`)
    }
  })

  test("makes an sdist that pip builds to the same version", async () => {
    const options = { files, tag: "v1.0rc1", commits: 1 }
    const { sdist } = await build((await project("flat-layout", options)).path)
    const folder = mkdtempSync(join(tmpdir(), "wheel-of-"))
    const links = mkdtempSync(join(tmpdir(), "links-"))
    cpSync(sdist, join(links, basename(sdist)))
    // By name and version: pip then compares what it built with what it chose.
    await run(uvPath(), [
      ...["tool", "run", "--quiet", "pip@26.3", "wheel", "--quiet"],
      ...["--no-deps", "--no-cache-dir", "--find-links", links],
      ...["--wheel-dir", folder, "greeter==1.0rc2.dev1"],
    ])
    expect(readdirSync(folder)).toEqual([
      "greeter-1.0rc2.dev1-py3-none-any.whl",
    ])
  })
})

test("build refuses a project whose backend makes another version", async () => {
  const repository = await project("flat-layout", {
    files: { "pyproject.toml": pyproject("") },
    commits: 1,
  })
  const outcome = await call([
    "build",
    `--source=${repository.path}`,
    "entries",
  ])
  expect(outcome.exitCode).toBe(1)
  expectSentence(
    outcome,
    /made 0\.0\.0, where 1\.0\.1\.dev1 was told.*\[tool\.setuptools_scm\]/,
  )
})
