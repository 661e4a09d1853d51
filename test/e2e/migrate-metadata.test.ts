import { mkdtempSync, readFileSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"

import { initRepository } from "../fixtures/repository.js"
import type { Report } from "../migrations/prove.js"
import { migratedWheel } from "../migrations/wheels.js"
import { call, succeed } from "./call.js"
import { unpack } from "./dist.js"

/** A small project on a backend, with more lines for [project]. */
function demo(requirement: string, backend: string, lines: string): string {
  const path = mkdtempSync(join(tmpdir(), "metadata-"))
  const pyproject = `[build-system]
requires = ["${requirement}"]
build-backend = "${backend}"

[project]
name = "demo"
description = "A demo"
version = "1.0"
${lines}
`
  const files = { "pyproject.toml": pyproject, "demo/__init__.py": "" }
  symlinkSync("demo/__init__.py", join(path, "link.txt"))
  return initRepository(path, files).path
}

const report = async (path: string) => {
  const flags = [`--source=${path}`, "--format=json"]
  return JSON.parse(await succeed(["migration", ...flags])) as Report
}

test("flit 4 says what can be imported: it is listed that setuptools does not", async () => {
  const backend = ["flit_core==4.2.0", "flit_core.buildapi"] as const
  const { from, differences } = await report(
    demo(...backend, 'requires-python = ">=3.10"'),
  )
  expect(from).toBe("flit")
  expect(differences).toContainEqual(
    expect.objectContaining({
      ...{ id: "import-names", items: ["wheel: Import-Name"] },
    }),
  )
})

test("what the project itself says can be imported is refused, by name", async () => {
  const lines = 'import-names = ["demo"]'
  const path = demo("hatchling", "hatchling.build", lines)
  const { exitCode, stderr } = await call(["migrate", `--source=${path}`])
  expect(exitCode).toBe(1)
  expect(stderr).toContain("pyproject.toml has import-names in [project]")
})

test("a licence expression stays, and Python 3.8 is told what it loses", async () => {
  const lines = 'license = "MIT"\nrequires-python = ">=3.8"'
  const path = demo("hatchling", "hatchling.build", lines)
  const { differences, notes, changed } = await report(path)
  // A link in the sdist is a file of it.
  expect(changed).not.toContain("MANIFEST.in")
  const listed = differences.flatMap(({ items }) => items)
  expect(listed.filter((item) => /Licen[cs]e/.test(item))).toEqual([])
  expect(notes.join("\n")).toMatch(/^On Python 3.8 .* the sdist cannot be/m)
  await succeed(["migrate", `--source=${path}`, "export", `--path=${path}`])
  const files = await unpack(await migratedWheel(path, succeed))
  const [metadata] = [...files].filter(([file]) => file.endsWith("/METADATA"))
  expect(metadata?.[1]).toMatch(/^License-Expression: MIT$/m)
})

test("Poetry's people, extras and groups stay what they are, line ends too", async () => {
  const path = mkdtempSync(join(tmpdir(), "poetry-"))
  const pyproject = `[tool.poetry] # it
name = "demo"
version = "1.0.0-beta.2"
description = ""
authors = ["Ada A. <ada@example.org>", "Bob"]
[tool.poetry.dependencies]
python = ">=3.9"
tomli = { version = "^2", optional = true, python = "<3.11" }
[tool.poetry.extras]
toml = ["tomli"]
[tool.poetry.group.test.dependencies]
pytest = "=8.3.2"
own = { version = "^1.0", source = "private" }
[dependency-groups]
lint = ["ruff"]
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`
  initRepository(path, {
    "pyproject.toml": pyproject.replaceAll("\n", "\r\n"),
    "demo/__init__.py": "",
  })
  const { differences, notes } = await report(path)
  expect(differences.map(({ id }) => id)).toContain("authors")
  expect(notes.join("\n")).toContain("test: own comes from the source private")
  await succeed(["migrate", `--source=${path}`, "export", `--path=${path}`])
  const after = readFileSync(join(path, "pyproject.toml"), "utf8")
  expect(after.match(/(?<!\r)\n/)).toBeNull()
  expect(after).toContain('test = ["pytest==8.3.2"]')
  expect(after).toContain('{name = "Ada A.", email = "ada@example.org"}')
})
