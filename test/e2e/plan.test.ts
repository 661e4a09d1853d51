import { cpSync, mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { installAdvice } from "../../dagger/src/install.js"
import type { Plan } from "../../dagger/src/plan.js"
import type { Project } from "../../dagger/src/project.js"
import { targetOf } from "../../dagger/src/target.js"
import { change, project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { root } from "../root.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import { run } from "../servers/run.js"
import { uvPath } from "../servers/uv.js"
import { succeed } from "./call.js"
import { build } from "./dist.js"
import { expectSentence } from "./expect.js"
import { knownAs } from "./place.js"
import { publishTo } from "./publish.js"

let server: PypiServer
beforeAll(async () => {
  server = await startPypiserver()
})
afterAll(() => server?.stop())

/** The plan of a release to the server of this suite. */
const plan = async (repository: Repository, ...flags: string[]) => {
  const printed = await succeed([
    ...["plan", `--source=${repository.path}`, "--format=json"],
    `--index=http://index:${server.port}/`,
    `--index-service=tcp://127.0.0.1:${server.port}`,
    ...flags,
  ])
  return JSON.parse(printed) as Plan
}
const gate = ({ gates }: Plan, id: string) => gates.find((it) => it.id === id)

/** Puts on the index what this commit builds. */
const release = async (repository: Repository, index = server) => {
  const { sdist, wheel } = await build(repository.path)
  for (const file of [sdist, wheel])
    cpSync(file, join(index.packages, basename(file)))
}

/** What a `pip install` line installs of a project, into a new environment. */
const installed = async (line: string, project = "greeter") => {
  const folder = join(mkdtempSync(join(tmpdir(), "pip-")), "venv")
  await run(uvPath(), ["venv", "--quiet", "--seed", folder])
  const python = join(folder, "bin/python")
  for (const command of line.split(" && ")) {
    const [, ...args] = command
      .replace("http://index:", "http://127.0.0.1:")
      .split(" ")
    await run(python, ["-m", "pip", ...args, "--quiet"])
  }
  const ask = `import importlib.metadata as m; print(m.version('${project}'))`
  return (await run(python, ["-c", ask])).trim()
}

describe("plan", () => {
  let repository: Repository
  beforeAll(async () => {
    repository = await project("greeter", { commits: 2 })
    repository.git("tag", "v1")
  })

  test("of a branch, to an empty index", async () => {
    const found = await plan(repository, "--ref=refs/heads/main")
    expect(found).toMatchObject({
      schema: "pypi-deploy/plan/1",
      version: "1.0.1.dev2",
      tag: "v1.0.0",
      distance: 2,
      why: "2 commits since v1.0.0, the tag that leads highest",
      build: { kind: "branch", name: "main" },
      channel: { kind: "dev", index: "testpypi" },
      index: { simple: `http://${knownAs("index")}:${server.port}/simple/` },
      held: { releases: 0 },
    })
    expect(found.gates.map(({ state }) => state)).toEqual([
      ...["open", "open", "open", "later", "later", "later"],
    ])
    expect(found.notices).toEqual([expect.stringMatching(/v1 \(v1\.0 is a/)])
  })

  test("as text says the same to people", async () => {
    const page = await succeed([
      ...["plan", `--source=${repository.path}`, "--channels=dev=none"],
    ])
    expect(page).toMatch(/^why +2 commits since v1\.0\.0/m)
    expect(page).toMatch(/^channel +shut +dev releases go nowhere$/m)
  })

  test("as Markdown is for a summary", async () => {
    const flags = ["--channels=dev=none", "--format=markdown"]
    const source = `--source=${repository.path}`
    const page = await succeed(["plan", source, ...flags])
    expect(page).toMatch(/^### greeter 1\.0\.1\.dev2$/m)
    expect(page).toMatch(/^\| channel \| shut \|/m)
  })

  test("says which line gets a dev version beside a final, and pip agrees", async () => {
    const tagged = await project("greeter")
    await release(tagged)
    change(tagged, "After the release")
    await release(tagged)
    const found = await plan(tagged)
    expect(found.held).toMatchObject({ newest: "1.0.1.dev1", releases: 2 })
    expect(found.notices).toEqual([
      expect.stringMatching(/has this version already/),
    ])
    const { plain, reasons, line } = found.install ?? {}
    expect(reasons).toEqual([expect.stringMatching(/it installs 1\.0\.0/)])
    expect(await installed(plain ?? "")).toBe("1.0.0")
    expect(await installed(line ?? "")).toBe("1.0.1.dev1")
  })

  test("gives notice of a version lower than the index's, and of a tag elsewhere", async () => {
    const backport = await project("greeter", { tag: "v0.9" })
    backport.git("checkout", "--quiet", "-b", "0.9")
    change(backport, "A backport")
    backport.tag("v0.9.1")
    const found = await plan(backport, "--ref=refs/tags/v0.9.1")
    expect(found.notices).toEqual([
      expect.stringMatching(/v0\.9\.1 is not on main/),
      expect.stringMatching(/has 1\.0\.1\.dev1, which is higher than 0\.9\.1/),
    ])
  })

  test("shuts the gate of an edited tree, naming the file", async () => {
    const edited = await project("greeter", { commits: 1 })
    await run("sh", ["-c", `echo '# x' >> ${edited.path}/pyproject.toml`])
    const found = await plan(edited)
    expect(gate(found, "commit")).toMatchObject({
      state: "shut",
      says: expect.stringMatching(/pyproject\.toml changed/),
    })
  })
})

test("the line for TestPyPI takes the release from there, and what it needs from PyPI", async () => {
  const testIndex = await startPypiserver()
  const toml = join(root, "test/fixtures/projects/greeter/pyproject.toml")
  const text = readFileSync(toml, "utf8")
  const made = async (tag: string, pyproject: string) => {
    const files = { "pyproject.toml": pyproject }
    await release(await project("greeter", { tag, files }), testIndex)
  }
  const needs = 'dependencies = ["iniconfig"]\ndynamic'
  await made("v1.1rc1", text.replace("dynamic", needs))
  // Somebody else's, under a name that is free on a test index.
  await made("v99.0", text.replace('name = "greeter"', 'name = "iniconfig"'))
  const testpypi = { index: "testpypi", simple: "", service: false, port: 0 }
  const simple = `${testIndex.url}/simple/`
  const advice = installAdvice({
    target: { ...targetOf(testpypi), simple },
    project: { name: "greeter", dependent: true } as Project,
    ...{ version: "1.1rc1", kind: "rc", held: null },
  })
  const line = advice.line ?? ""
  expect(await installed(line)).toBe("1.1rc1")
  expect(await installed(line, "iniconfig")).toMatch(/^2\./)
  expect(await installed(advice.plain ?? "", "iniconfig")).toBe("99.0")
  await testIndex.stop()
})

describe("a clone without tags, of a project that has releases", () => {
  let repository: Repository
  beforeAll(async () => {
    repository = await project("greeter", { tag: null, commits: 1 })
  })

  test("is seen by plan", async () => {
    const found = await plan(repository)
    expect(gate(found, "index")).toMatchObject({
      state: "shut",
      says: expect.stringMatching(/as high as 1\.0\.0.*git fetch --tags/),
    })
    expect(found.notices[0]).toMatch(/git tag v0\.1/)
  })

  test("is refused by publish", async () => {
    const source = `--source=${repository.path}`
    const outcome = await publishTo({ port: server.port }, source)
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /no release tag is behind HEAD.*git fetch --tags/)
  })
})

test("publish refuses the start of a cycle", async () => {
  const repository = await project("greeter", { tag: "v2.0.dev0" })
  const flags = [`--source=${repository.path}`, "--ref=refs/tags/v2.0.dev0"]
  const outcome = await publishTo({ port: server.port }, ...flags)
  expect(outcome.exitCode).toBe(1)
  expectSentence(outcome, /v2\.0\.dev0 starts a cycle and is not deployed/)
})
