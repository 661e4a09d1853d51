import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"

import type { Finding } from "../../dagger/src/audit/finding.js"
import type { AuditReport } from "../../dagger/src/audit/page.js"
import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { call, succeed } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"

const fixtures = join(root, "test/fixtures")
const hybrid = readFileSync(join(fixtures, "workflows/hybrid.yml"), "utf8")

const PUBLISH = ".github/workflows/publish.yml"

/** What is found in a project with these files besides its own. */
const audit = async (files: Record<string, string>) => {
  const { path } = await project("greeter", { files })
  const flags = ["--allow-errors", "--format=json"]
  const printed = await succeed(["audit", `--source=${path}`, ...flags])
  return JSON.parse(printed) as AuditReport
}

describe("audit takes a workflow apart", () => {
  const files = { [PUBLISH]: hybrid }

  test("with its own rules and zizmor's, each finding on its line", async () => {
    const { schema, project, workflows, findings } = await audit(files)
    expect({ schema, project, workflows }).toEqual({
      ...{ schema: "pypi-deploy/audit/1", project: "greeter" },
      workflows: [PUBLISH],
    })
    const lines = hybrid.split("\n")
    const token = findings.find(({ id }) => id === "pypi-token")
    expect(lines[(token?.line ?? 0) - 1]).toContain("secrets.PYPI_API_TOKEN")
    const ids = new Set(findings.map(({ id }) => id))
    expect([...ids].sort()).toEqual([
      ...["code-beside-identity", "echoed-tests", "no-environment"],
      ...["no-fetch-depth", "no-tests", "pypi-token", "secret-beside-identity"],
      ...["skip-existing", "wide-id-token", "zizmor/artipacked"],
      ...["zizmor/excessive-permissions", "zizmor/unpinned-uses"],
    ])
  })

  test("and fails, naming all of it", async () => {
    const { path } = await project("greeter", { files })
    const outcome = await call(["audit", `--source=${path}`])
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stdout).toBe("")
    expectSentence(outcome, /The audit failed with 18 errors and 2 warnings/)
    expectSentence(outcome, /publish\.yml:51 pypi-token: TWINE_PASSWORD: /)
  })
})

describe("zizmor is relied on for", () => {
  type Files = Record<string, string>
  type Name = "found" | "near-miss"
  const folder = join(fixtures, "audit/zizmor")
  const ids = readdirSync(folder).map((file) => file.replace(".yml", ""))
  const fixture = (id: string) =>
    parse(readFileSync(join(folder, `${id}.yml`), "utf8")) as Record<
      Name,
      Files
    >
  const path = (id: string) => `.github/workflows/${id}.yml`
  /** A repository that is one workflow; undefined where it is more. */
  const workflow = (id: string, name: Name): string | undefined => {
    const files = fixture(id)[name]
    const [file, ...more] = Object.keys(files)
    const alone = file?.startsWith(".github/workflows/") && more.length === 0
    return alone ? files[file as string] : undefined
  }

  // One repository has all that are a workflow, each in a file of its own.
  const together = { found: [] as Finding[], "near-miss": [] as Finding[] }
  beforeAll(async () => {
    for (const name of ["found", "near-miss"] as const) {
      const files = ids.flatMap((id) => {
        const text = workflow(id, name)
        return text === undefined ? [] : [[path(id), text]]
      })
      together[name] = (await audit(Object.fromEntries(files))).findings
    }
  })

  /** What a rule finds in one of its repositories, by file and line. */
  const places = async (id: string, name: Name) => {
    const alone = workflow(id, name) === undefined
    const all = alone
      ? (await audit(fixture(id)[name])).findings
      : together[name].filter(({ file }) => file === path(id))
    return all
      .filter((it) => it.id === `zizmor/${id}`)
      .map(({ file, line }) => `${file}:${line}`)
  }

  test.each(ids)("%s", async (id) => {
    const files = Object.entries(fixture(id).found)
    const marked = files.flatMap(([file, text]) => {
      const at = text.split("\n").findIndex((it) => it.endsWith("# here")) + 1
      const name = workflow(id, "found") === undefined ? file : path(id)
      return at === 0 ? [] : `${name}:${at}`
    })
    expect(marked).toHaveLength(1)
    expect(await places(id, "found")).toEqual(marked)
    expect(await places(id, "near-miss")).toEqual([])
  })
})

test("the scaffolded workflow has no finding, in any format", async () => {
  const { path } = await project("greeter")
  const source = `--source=${path}`
  const target = ["export", `--path=${path}`]
  await succeed(["scaffold", source, "--repository=octo/greeter", ...target])
  const outcome = await call(["audit", source, "--format=markdown"])
  expectDone(outcome)
  expect(outcome.stdout).toContain("### greeter: 0 errors and 0 warnings")
})

test("a workflow that cannot be read is a finding; one that can is none", async () => {
  const path = ".github/workflows/ci.yml"
  const ids = async (text: string) =>
    (await audit({ [path]: text })).findings.map(({ id }) => id)
  expect(await ids("jobs: [\n")).toContain("unreadable")
  expect(await ids("on: push\njobs: {}\n")).not.toContain("unreadable")
})

test("a project is audited before it can be published", async () => {
  const pyproject =
    '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n[project]\nname = "greeter"\ndynamic = ["version"]\n'
  const files = { "pyproject.toml": pyproject, [PUBLISH]: hybrid }
  const { project: name, findings } = await audit(files)
  expect(name).toBe("greeter")
  expect(findings.map(({ id }) => id)).toContain("pypi-token")
})

test("a project without a workflow has nothing to find in one", async () => {
  const { path } = await project("greeter")
  const outcome = await call(["audit", `--source=${path}`])
  expectDone(outcome)
  expect(outcome.stdout).toMatch(/^workflows +none$/m)
})
