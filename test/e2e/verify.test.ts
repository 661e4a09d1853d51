import { cpSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import type { MadeName } from "../fixtures/made.js"
import type { PackageName } from "../fixtures/packages.js"
import { project } from "../fixtures/project.js"
import { run } from "../servers/run.js"
import { call } from "./call.js"
import { build, type Dist, readDist } from "./dist.js"
import { expectDone } from "./expect.js"

const verify = async (name: PackageName | MadeName, ...flags: string[]) => {
  const { path } = await project(name)
  return call(["verify", `--source=${path}`, ...flags])
}

test.each(["pluggy", "iniconfig", "click", "markupsafe"] as const)(
  "verify finds nothing wrong with %s",
  async (name) => {
    expectDone(await verify(name))
  },
)

describe("verify fails", () => {
  test("and names every fault that there is", async () => {
    const { exitCode, stderr } = await verify("many-faults")
    for (const fault of [
      /description does not render as text\/x-rst/,
      /__version__ is 0\.0\.1, not 1\.0\.0/,
      /lacks src\/greeter\/extra\.py, which git tracks/,
      /common toplevel name.*tests/,
      /greeter --version.*cannot import name 'start'/,
    ])
      expect(stderr).toMatch(fault)
    expect(exitCode).toBe(1)
  })

  test("for package data that the wheel lost, as the import shows", async () => {
    const { exitCode, stderr } = await verify("lost-data")
    expect(stderr).toContain("greetings.txt")
    expect(exitCode).toBe(1)
  })
})

describe("verify", () => {
  test("names the checks that there are, and runs none", async () => {
    const { stdout } = await call(["verify", "--list", "--format=json"])
    const { checks } = JSON.parse(stdout) as { checks: { id: string }[] }
    const ids = checks.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)])
    expect(ids).toEqual(
      expect.arrayContaining(["classifiers", "reproducible", "install-sdist"]),
    )
  })

  test("refuses a check that there is not, and says which there are", async () => {
    const { exitCode, stderr } = await verify("greeter", "--only=nmaes")
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/--only: nmaes is no check\. There are .*names/)
  })

  test("runs the checks that are asked for", async () => {
    const flags = ["--only=description,names", "--format=json"]
    const { stdout, exitCode } = await verify("many-faults", ...flags)
    expect(exitCode).toBe(1)
    expect(stdout).toBe("")
    const skipping = [...flags, "--skip=description"]
    const skipped = await verify("many-faults", ...skipping)
    const { checks } = JSON.parse(skipped.stdout) as { checks: unknown[] }
    expect(checks).toMatchObject([{ id: "names", problems: [] }])
  })
})

describe("verify --dist", () => {
  let dist: Dist
  beforeAll(async () => {
    dist = await build((await project("greeter", { commits: 1 })).path)
  })
  const check = (folder: string, ...flags: string[]) =>
    call(["verify", `--dist=${folder}`, ...flags])
  const copy = (name: string): Dist => {
    const folder = join(dist.folder, "..", name)
    cpSync(dist.folder, folder, { recursive: true })
    return readDist(folder)
  }

  test("accepts what build made", async () => {
    expectDone(await check(dist.folder))
  })

  test("reports as JSON, every check with its verdict", async () => {
    const { stdout } = await check(dist.folder, "--format=json")
    const report = JSON.parse(stdout) as { version: unknown }
    expect(JSON.stringify(report)).toContain("greeter-1.0.1.dev1.tar.gz")
  })

  test("refuses a file name that its metadata contradicts", async () => {
    const { folder, sdist } = copy("renamed")
    renameSync(sdist, join(folder, "greeter-1.0.2.tar.gz"))
    const { exitCode, stderr } = await check(folder)
    expect(exitCode).toBe(1)
    expect(stderr).toContain("greeter-1.0.2.tar.gz")
  })

  test("refuses bytes that are not those that build recorded", async () => {
    const { folder, wheel } = copy("altered")
    const note = join(folder, "..", "note.txt")
    writeFileSync(note, "added after the build\n")
    await run("python3", [
      "-c",
      "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'a').write(sys.argv[2], 'greeter/note.txt')",
      wheel,
      note,
    ])
    const { exitCode, stderr } = await check(folder)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/note\.txt|RECORD|sha256/)
  })
})
