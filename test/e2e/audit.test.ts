import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"

import type { AuditReport } from "../../dagger/src/audit/page.js"
import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { call, succeed } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"

const fixtures = join(root, "test/fixtures")
const hybrid = readFileSync(join(fixtures, "workflows/hybrid.yml"), "utf8")

/** What is found in a project with these files besides its own. */
const audit = async (files: Record<string, string>) => {
  const { path } = await project("greeter", { files })
  const flags = ["--allow-errors", "--format=json"]
  const printed = await succeed(["audit", `--source=${path}`, ...flags])
  return JSON.parse(printed) as AuditReport
}

describe("audit takes a workflow apart", () => {
  const files = { ".github/workflows/publish.yml": hybrid }

  test("with its own rules and zizmor's, each finding on its line", async () => {
    const { schema, project, workflows, findings } = await audit(files)
    expect({ schema, project, workflows }).toEqual({
      ...{ schema: "pypi-deploy/audit/1", project: "greeter" },
      workflows: [".github/workflows/publish.yml"],
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
  const folder = join(fixtures, "audit/zizmor")
  const ids = readdirSync(folder).map((file) => file.replace(".yml", ""))

  test.each(ids)("%s", async (id) => {
    const text = readFileSync(join(folder, `${id}.yml`), "utf8")
    const { found, "near-miss": near } = parse(text) as {
      [name: string]: Record<string, string>
    }
    const by = async (files: Record<string, string> = {}) =>
      (await audit(files)).findings.filter((it) => it.id === `zizmor/${id}`)
    const [file = "", content = ""] = Object.entries(found ?? {})[0] ?? []
    const line = content.split("\n").findIndex((it) => it.endsWith("# here"))
    expect(await by(found)).toMatchObject([{ file, line: line + 1 }])
    expect(await by(near)).toEqual([])
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

test("a project without a workflow has nothing to find in one", async () => {
  const { path } = await project("greeter")
  const outcome = await call(["audit", `--source=${path}`])
  expectDone(outcome)
  expect(outcome.stdout).toMatch(/^workflows +none$/m)
})
