import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { expect, test } from "vitest"

import { initRepository, type Repository } from "../fixtures/repository.js"
import { commitAt, migratedWheel } from "../migrations/wheels.js"
import { call, succeed } from "./call.js"
import { unpack } from "./dist.js"

/** A project without pyproject.toml; Windows wrote its setup.py. */
function classic(script: string): Repository {
  const path = mkdtempSync(join(tmpdir(), "setup-"))
  const repository = initRepository(path, {
    "setup.py": script.replaceAll("\n", "\r\n"),
    "setup.cfg":
      "[metadata]\ndescription = A demo\n\n[options]\npackages = demo\n\n[options.extras_require]\ntest = pytest\n",
    "demo/__init__.py": '__title__ = "Demo"\n__version__ = "1.2.3"\n',
  })
  repository.tag("v1.2.3")
  return repository
}

const COMPUTED = `# Copyright
from setuptools import setup

import demo

setup(
    name=demo.__title__,
    version=demo.__version__,  # never by hand
    url="https://example.org",
)
`

const exported = ({ path }: Repository, ...flags: string[]) =>
  call(["migrate", `--source=${path}`, ...flags, "export", `--path=${path}`])

test("a version that setup.py imports goes, all else stays, and --undo brings it back", async () => {
  const repository = classic(COMPUTED)
  const { path } = repository
  const done = await exported(repository)
  expect(done.exitCode, done.stderr).toBe(0)
  expect(readFileSync(join(path, "setup.py"), "utf8")).toBe(
    '# Copyright\r\nfrom setuptools import setup\r\n\r\nsetup(\r\n    name="Demo",\r\n    url="https://example.org",\r\n)\r\n',
  )
  commitAt(repository, "v1.2.3")
  const wheel = await migratedWheel(path, succeed)
  expect(basename(wheel)).toBe("demo-1.2.3-py3-none-any.whl")
  const files = await unpack(wheel)
  expect([...files.keys()]).toContain("demo/_version.py")
  const [metadata] = [...files].filter(([file]) => file.endsWith("/METADATA"))
  expect(metadata?.[1]).toMatch(/^Summary: A demo$/m)
  expect((await exported(repository, "--undo")).exitCode).toBe(0)
  repository.git("add", "--all")
  expect(repository.git("diff", "--cached", "HEAD^", "--stat")).toBe("")
})

test("one that setup.py computes among other things is refused, by line", async () => {
  const script = `from setuptools import setup
try:
    from demo import __version__
except ImportError:
    __version__ = "0"
setup(name="demo", version=__version__)
`
  const repository = classic(script)
  const { exitCode, stderr } = await exported(repository)
  expect(exitCode).toBe(1)
  expect(stderr).toContain("setup.py:3: only the version needs `__version__`")
  expect(repository.git("status", "--short")).toBe("")
  const version = await call(["version", `--source=${repository.path}`])
  expect(version.stderr).toContain("`migrate` lets it come from git")
})
