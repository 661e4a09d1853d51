import { cpSync, readFileSync, renameSync } from "node:fs"
import { basename, join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"

import { CHECKS } from "../../dagger/src/checks.js"
import type { VerifyReport } from "../../dagger/src/verify.js"
import type { MadeName } from "../fixtures/made.js"
import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { root } from "../root.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import { call, succeed } from "./call.js"
import { build } from "./dist.js"

let server: PypiServer
beforeAll(async () => {
  server = await startPypiserver()
})
afterAll(() => server?.stop())

const source = async (
  name: MadeName = "greeter",
  files: Record<string, string> = {},
) => [`--source=${(await project(name, { files })).path}`]

/** greeter with its pyproject.toml changed. */
const changed = (change: (pyproject: string) => string) => {
  const path = join(root, "test/fixtures/projects/greeter/pyproject.toml")
  const pyproject = change(readFileSync(path, "utf8"))
  return source("greeter", { "pyproject.toml": pyproject })
}

/** greeter with an extra that needs this. */
const withExtra = (requirement: string) =>
  changed(
    (text) =>
      `${text}\n[project.optional-dependencies]\nmore = ["${requirement}"]\n`,
  )

/** greeter with a setup.py that writes a module. */
const writing = (text: string) =>
  source("greeter", {
    "setup.py": `from pathlib import Path
from time import time_ns
from setuptools import setup
Path("src/greeter/built.py").write_text(${text})
setup()
`,
  })

/** What build makes of greeter, with this version in the files' names. */
const named = async (version: string) => {
  const { folder, sdist, wheel } = await build((await project("greeter")).path)
  for (const path of [sdist, wheel]) {
    const name = basename(path).replace("-1.0.0", `-${version}`)
    renameSync(path, join(folder, name))
  }
  return [`--dist=${folder}`]
}

/** Puts on the index what this commit builds. */
const release = async (repository: Repository) => {
  const { sdist, wheel } = await build(repository.path)
  for (const file of [sdist, wheel])
    cpSync(file, join(server.packages, basename(file)))
}
const toIndex = () => [
  `--index=http://index:${server.port}/`,
  `--index-service=tcp://127.0.0.1:${server.port}`,
]

/** greeter after a release that the index has, and with a file more. */
const grown = async (bytes: number) => {
  const repository = await project("greeter")
  await release(repository)
  const text = Array.from({ length: bytes / 8 }, () =>
    Math.random().toString(36).slice(2, 10),
  )
  repository.commit("Say more", { "src/greeter/greetings.txt": text.join("") })
  return [`--source=${repository.path}`, ...toIndex()]
}

interface Pair {
  fault: () => Promise<string[]>
  says: RegExp
  nearMiss: () => Promise<string[]>
}

/** Those that read files only have theirs in test/unit/tools. */
const pairs: Record<keyof typeof CHECKS, Pair> = {
  version: {
    fault: () => named("1.0.1"),
    says: /metadata of greeter-1\.0\.1\.tar\.gz is 1\.0\.0, not 1\.0\.1/,
    nearMiss: () => named("1.0.0"),
  },
  wheel: {
    fault: () => source("lost-data"),
    says: /\.whl on Python 3\.\d+: .*greetings\.txt/,
    nearMiss: () => source(),
  },
  sdist: {
    fault: () => source("lost-data"),
    says: /\.tar\.gz on Python 3\.\d+: .*greetings\.txt/,
    nearMiss: () => source(),
  },
  extras: {
    fault: () => withExtra("iniconfig<2, >=2"),
    says: /\.whl\[more\] cannot be resolved/,
    nearMiss: () => withExtra("iniconfig<3, >=2"),
  },
  reproducible: {
    fault: () => writing('f"AT = {time_ns()}\\n"'),
    says: /\.whl is not the same twice: .*greeter\/built\.py has other bytes/,
    nearMiss: () => writing('f"AT = {time_ns() > 0}\\n"'),
  },
  previous: {
    fault: () => grown(32_000),
    says: /\.whl has \d+ bytes, in 1\.0\.0 it had \d+/,
    nearMiss: () => grown(8),
  },
}

const keys = Object.keys(pairs) as (keyof typeof CHECKS)[]

test.each(keys)("the check %s finds its fault", async (key) => {
  const { fault, says } = pairs[key]
  const { id, severity } = CHECKS[key]
  const flags = await fault()
  const { exitCode, stdout, stderr } = await call([
    ...["verify", ...flags, `--only=${id}`, "--format=json"],
  ])
  if (severity === "error") {
    expect(stderr).toMatch(says)
    expect(exitCode).toBe(1)
  } else {
    expect(exitCode).toBe(0)
    const { checks } = JSON.parse(stdout) as VerifyReport
    expect(checks[0]?.problems.join("\n")).toMatch(says)
  }
})

test.each(keys)("the check %s passes what is close to it", async (key) => {
  const flags = await pairs[key].nearMiss()
  const { id } = CHECKS[key]
  const printed = await succeed([
    ...["verify", ...flags, `--only=${id}`, "--format=json"],
  ])
  const { checks } = JSON.parse(printed) as VerifyReport
  expect(checks).toMatchObject([{ id, problems: [] }])
  expect(checks[0]?.evidence).not.toEqual([])
})

test("a promised interpreter that is nowhere to be had is noted", async () => {
  const named = 'classifiers = ["Programming Language :: Python :: 3.15"]'
  const flags = await changed((text) =>
    text.replace("dynamic", `${named}\ndynamic`),
  )
  const printed = await succeed([
    ...["verify", ...flags, "--only=install-wheel", "--format=json"],
  ])
  const { checks } = JSON.parse(printed) as VerifyReport
  expect(checks[0]?.notes.join("\n")).toMatch(
    /\.whl: Python .*3\.15 is promised and was not tried/,
  )
})

test("sizes say that there is no index, and no earlier release", async () => {
  const evidence = async (flags: string[]) => {
    const only = ["--only=previous-size", "--format=json"]
    const printed = await succeed(["verify", ...flags, ...only])
    return (JSON.parse(printed) as VerifyReport).checks[0]?.evidence
  }
  const flags = await named("1.0.0")
  expect(await evidence(flags)).toEqual(["not compared: no --index was given"])
  const { path } = await project("click")
  const first = [`--source=${path}`, ...toIndex()]
  expect(await evidence(first)).toEqual([
    "not compared: the index has no earlier release",
  ])
})
