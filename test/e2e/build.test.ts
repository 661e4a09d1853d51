import {
  lutimesSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import type { PackageName } from "../fixtures/packages.js"
import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { call } from "./call.js"
import { build, type Dist, sha256, unpack } from "./dist.js"

/** The same commit once more, as another person could have it. */
async function elsewhere(name: PackageName): Promise<string> {
  const umask = process.umask(0o077)
  try {
    const parent = mkdtempSync(join(tmpdir(), "another place "))
    const { path } = await project(name, { parent })
    for (const entry of readdirSync(path, { recursive: true }) as string[])
      lutimesSync(join(path, entry), 1_000_000_000, 1_000_000_000)
    writeFileSync(join(path, "untracked.txt"), "not committed\n")
    return path
  } finally {
    process.umask(umask)
  }
}

// setuptools-scm, a C extension, hatch-vcs
describe.each(["pluggy", "markupsafe", "iniconfig"] as const)(
  "two builds of one commit of %s",
  (name) => {
    test("in other folders, under other umasks, from other stores, are the same bytes", async () => {
      const one = await build((await project(name)).path)
      // A store of its own: nothing of the first build can be served again.
      const cache = mkdtempSync(join(tmpdir(), "second-store-"))
      const other = await build(await elsewhere(name), [], { cache })
      expect(basename(other.sdist)).toBe(basename(one.sdist))
      expect(basename(other.wheel)).toBe(basename(one.wheel))
      expect(sha256(other.sdist)).toBe(sha256(one.sdist))
      expect(sha256(other.wheel)).toBe(sha256(one.wheel))
    })
  },
)

describe("build, of a commit after a release", () => {
  let repository: Repository
  let dist: Dist
  let sdist: Map<string, string>
  let wheel: Map<string, string>
  beforeAll(async () => {
    repository = await project("greeter", { commits: 3 })
    const source = join(repository.path, "src/greeter")
    writeFileSync(join(source, "untracked.py"), "LEAKED = True\n")
    writeFileSync(join(repository.path, "token.txt"), "secret\n")
    dist = await build(repository.path)
    sdist = await unpack(dist.sdist)
    wheel = await unpack(dist.wheel)
  })

  test("names both files after the version", () => {
    expect(basename(dist.sdist)).toBe("greeter-1.0.1.dev3.tar.gz")
    expect(basename(dist.wheel)).toBe("greeter-1.0.1.dev3-py3-none-any.whl")
  })

  test("puts version and commit into _version.py of both", () => {
    const commit = repository.git("rev-parse", "HEAD")
    for (const text of [
      sdist.get("src/greeter/_version.py"),
      wheel.get("greeter/_version.py"),
    ]) {
      expect(text).toContain("1.0.1.dev3")
      const [, found] =
        /__commit_id__ = .*'g([0-9a-f]+)'/.exec(text ?? "") ?? []
      expect(found).toMatch(/^[0-9a-f]{7,40}$/)
      expect(commit.startsWith(found ?? "-")).toBe(true)
    }
  })

  test("leaves untracked files out of both", () => {
    const names = [...sdist.keys(), ...wheel.keys()].join("\n")
    expect(names).not.toMatch(/untracked|token/)
    expect(names).toContain("greetings.txt")
  })

  test("does not write into the source folder", () => {
    expect(repository.git("status", "--short", "--ignored")).toBe(
      "?? src/greeter/untracked.py\n?? token.txt",
    )
  })

  test("records the files' hashes in pypi-deploy.json", () => {
    const path = join(dist.folder, "pypi-deploy.json")
    const manifest = readFileSync(path, "utf8")
    expect(manifest).toContain(sha256(dist.sdist))
    expect(manifest).toContain(sha256(dist.wheel))
    expect(manifest).toContain(repository.git("rev-parse", "HEAD"))
  })
})

test("build makes the wheel from the sdist, not from the tree", async () => {
  const { path } = await project("incomplete-sdist")
  const dist = await build(path)
  expect([...(await unpack(dist.sdist)).keys()]).not.toContain(
    "src/greeter/extra.py",
  )
  expect([...(await unpack(dist.wheel)).keys()]).not.toContain(
    "greeter/extra.py",
  )
})

test("build finds a backend that is a command: uv_build", async () => {
  const pyproject = `[build-system]
requires = ["uv_build"]
build-backend = "uv_build"
[project]
name = "greeter"
version = "1.0.0"
`
  const { path } = await project("greeter", {
    files: { "pyproject.toml": pyproject },
  })
  const dist = await build(path)
  expect(basename(dist.wheel)).toBe("greeter-1.0.0-py3-none-any.whl")
})

test("build compiles a C extension for the interpreter it was asked for", async () => {
  const { path } = await project("markupsafe")
  const dist = await build(path, ["--python=3.12"])
  expect(basename(dist.wheel)).toMatch(/-cp312-cp312-linux_\w+\.whl$/)
  expect([...(await unpack(dist.wheel)).keys()].join("\n")).toMatch(
    /_speedups\.cpython-312\S*\.so/,
  )
})

test("build --local keeps the local part in both names", async () => {
  const { path } = await project("greeter", { commits: 1 })
  const dist = await build(path, ["--local"])
  expect(basename(dist.sdist)).toMatch(
    /^greeter-1\.0\.1\.dev1\+g[0-9a-f]+\.tar/,
  )
  expect(basename(dist.wheel)).toMatch(/^greeter-1\.0\.1\.dev1\+g[0-9a-f]+-py3/)
})

test("build is a Directory that the command line can look into", async () => {
  const { path } = await project("greeter")
  const { stdout } = await call(["build", `--source=${path}`, "entries"])
  expect(stdout.trim().split("\n").sort()).toEqual([
    "greeter-1.0.0-py3-none-any.whl",
    "greeter-1.0.0.tar.gz",
    "pypi-deploy.json",
  ])
})
