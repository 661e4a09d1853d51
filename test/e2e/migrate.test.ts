import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import { migrations } from "../fixtures/migrations.js"
import { initRepository, type Repository } from "../fixtures/repository.js"
import { type Proof, prove } from "../migrations/prove.js"
import { call, engine, succeed } from "./call.js"
import { unpack } from "./dist.js"
import { expectDone } from "./expect.js"

/** A small hatchling project; what is asked for goes into its pyproject. */
function hatch(settings = "", files: Record<string, string> = {}): Repository {
  const path = mkdtempSync(join(tmpdir(), "hatch-"))
  const pyproject = `# A demo
[build-system]
requires = ["hatchling"] # no other
build-backend = "hatchling.build"

[project]
name = "demo"
version = "0.5.4"
requires-python = ">=3.10"
${settings}
[tool.ruff]
line-length = 80 # wide enough
`
  const module = '"""A demo."""\n\n__version__ = "0.5.4"\n'
  return initRepository(path, {
    "pyproject.toml": pyproject,
    "src/demo/__init__.py": module,
    ...files,
  })
}

const migrate = (path: string, ...words: string[]) =>
  call(["migrate", `--source=${path}`, ...words])

const exported = (path: string, ...flags: string[]) =>
  succeed(["migrate", `--source=${path}`, ...flags, "export", `--path=${path}`])

// A backend each; all of them are in `npm run migrations`.
const SOME = ["pyforge-cli", "itsdangerous", "findpython", "rich"] as const

describe.each(SOME)("%s, migrated", (name) => {
  const row = migrations[name]
  if (row === undefined) throw new Error(`There is no ${name}.`)
  let proof: Proof
  beforeAll(async () => {
    proof = await prove(name, { ...row, untested: true }, succeed)
  })

  test("comes from its backend, and differs in nothing that is not listed", () => {
    expect(proof.report.from).toBe(row.backend)
    expect(proof.report.compared.wheel).toBeGreaterThan(3)
    expect(proof.unlisted).toEqual([])
  })

  test("has its version from its tag", async () => {
    const source = `--source=${proof.repository.path}`
    const version = await succeed(["version", source])
    expect(version.trim()).toBe(row.version)
  })
})

describe("migrate, of a project on hatchling", () => {
  let repository: Repository
  let before: string
  beforeAll(async () => {
    repository = hatch('license = { text = "MIT" }\n', {
      "src/demo/data/a.jar": "jar\n",
      "src/demo/dos.py":
        '"""\u2028"""\r\nSCHEMA_VERSION = "0.5.4"\r\nVERSION = "0.5.4"\r\n',
      "src/demo/unicode.py": '__version__ = "18.0.0"\n',
      Makefile: "release:\n\tbump2version patch\n",
    })
    before = readFileSync(join(repository.path, "pyproject.toml"), "utf8")
  })

  test("prints a patch that git applies", async () => {
    if (engine === "dagger") return
    const outcome = await migrate(repository.path)
    expectDone(outcome)
    const patch = join(mkdtempSync(join(tmpdir(), "patch-")), "changes.patch")
    writeFileSync(patch, outcome.stdout)
    expect(repository.git("apply", "--check", patch)).toBe("")
    expect(outcome.stdout).toContain('+dynamic = ["version"]')
  })

  test("says who bumps the version by hand, and which tag is missing", async () => {
    const source = `--source=${repository.path}`
    const report = await succeed(["migration", source])
    expect(report).toContain("Makefile:2 changes the version by hand")
    expect(report).toContain("git tag -a v0.5.4")
    expect(report).toContain("src/demo/dos.py:2 says 0.5.4, which may be")
    expect(report).toContain("src/demo/unicode.py:1 says 18.0.0, which may be")
    expect(repository.git("status", "--short")).toBe("")
  })

  test("keeps comments and order, and names its data", async () => {
    await exported(repository.path)
    const path = join(repository.path, "pyproject.toml")
    const after = readFileSync(path, "utf8")
    expect(after).toContain("# A demo\n[build-system]")
    expect(after).toContain("line-length = 80 # wide enough")
    expect(after).toContain('demo = ["data/*.jar"]')
    const ignored = readFileSync(join(repository.path, ".gitignore"), "utf8")
    expect(ignored).toBe("/src/demo/_version.py\n")
    const module = join(repository.path, "src/demo/__init__.py")
    expect(readFileSync(module, "utf8")).toBe(
      '"""A demo."""\n\nfrom ._version import __version__\n',
    )
    const dos = join(repository.path, "src/demo/dos.py")
    expect(readFileSync(dos, "utf8")).toBe(
      '"""\u2028"""\r\nSCHEMA_VERSION = "0.5.4"\r\nfrom ._version import __version__ as VERSION\r\n',
    )
  })

  test("a second time says that it is done, and changes nothing", async () => {
    repository.commit("Migrate")
    const source = `--source=${repository.path}`
    const said = await succeed(["migration", source])
    expect(said).toContain("demo is migrated")
    await exported(repository.path)
    expect(repository.git("status", "--short")).toBe("")
  })

  test("the wheel has its data from an archive without git", async () => {
    const dist = mkdtempSync(join(tmpdir(), "dist-"))
    const source = `--source=${repository.path}`
    await succeed(["build", source, "export", `--path=${dist}`])
    const wheel = join(dist, "demo-0.1.0.dev2-py3-none-any.whl")
    const files = existsSync(wheel) ? await unpack(wheel) : new Map()
    expect([...files.keys()]).toContain("demo/data/a.jar")
  })

  test("--undo takes it back, and keeps what came after", async () => {
    const path = join(repository.path, "pyproject.toml")
    const later = (text: string) => text.replace("# A demo", "# The demo")
    writeFileSync(path, later(readFileSync(path, "utf8")))
    repository.commit("More")
    await exported(repository.path, "--undo")
    expect(readFileSync(path, "utf8")).toBe(later(before))
    expect(repository.git("status", "--short").split("\n").sort()).toEqual([
      ...[" M pyproject.toml", " M src/demo/__init__.py"],
      ...[" M src/demo/dos.py", "D .gitignore"],
    ])
  })
})

describe("migrate says no", () => {
  test("where the wheel would lose a file that a build hook makes", async () => {
    const { path } = hatch("[tool.hatch.build.targets.wheel.hooks.custom]\n", {
      "hatch_build.py": `from pathlib import Path
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        Path("made.json").write_text("{}")
        build_data["force_include"]["made.json"] = "demo/made.json"
`,
    })
    const { exitCode, stderr } = await migrate(path, "export", `--path=${path}`)
    expect(exitCode).toBe(1)
    expect(stderr).toContain("wheel: demo/made.json is lost.")
    expect(stderr).toContain("[tool.setuptools.package-data]")
    expect(stderr).toContain("Nothing was changed.")
  })

  test("where a commit lacks files that releases had", async () => {
    const repository = hatch('[tool.hatch.build]\nartifacts = ["*.mo"]\n', {
      ".gitignore": "*.mo\n",
      "src/demo/de.mo": "made by another job\n",
    })
    expect(repository.git("ls-files")).not.toContain("de.mo")
    const { exitCode, stderr } = await migrate(repository.path)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('[tool.hatch.build] artifacts has "*.mo"')
    repository.git("add", "--force", "--", "src/demo/de.mo")
    repository.commit("Track it")
    const { path } = repository
    const flags = [`--source=${path}`, "--format=json"]
    expect(JSON.parse(await succeed(["migration", ...flags]))).toMatchObject({
      from: "hatchling",
    })
  })

  test("to a backend that there is no way from", async () => {
    const path = mkdtempSync(join(tmpdir(), "maturin-"))
    initRepository(path, {
      "pyproject.toml":
        '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n[project]\nname = "demo"\nversion = "1.0"\n',
    })
    const { exitCode, stderr } = await migrate(path, "export", `--path=${path}`)
    expect(exitCode).toBe(1)
    expect(stderr).toContain("there is no way from that")
  })

  test("to undo over another setup.py, or lines that were changed since", async () => {
    const repository = hatch("", { "setup.py": "# idle\n" })
    await exported(repository.path)
    repository.commit("Migrate")
    const setup = join(repository.path, "setup.py")
    writeFileSync(setup, "# another\n")
    repository.commit("Compile something")
    const refused = await migrate(repository.path, "--undo")
    expect(refused.stderr).toContain("the migration deleted setup.py")
    rmSync(setup)
    const path = join(repository.path, "pyproject.toml")
    const text = readFileSync(path, "utf8")
    writeFileSync(path, text.replace("setuptools-scm>=10", "setuptools-scm>=9"))
    repository.commit("Change what the migration wrote")
    const flags = ["--undo", "export", `--path=${repository.path}`]
    const { exitCode, stderr } = await migrate(repository.path, ...flags)
    expect(exitCode).toBe(1)
    expect(stderr).toContain("changed again in pyproject.toml")
    expect(repository.git("status", "--short")).toBe("")
  })
})
