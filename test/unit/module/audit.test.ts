import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"

import type { Finding } from "../../../dagger/src/audit/finding.js"
import {
  AUDIT_SCHEMA,
  type AuditReport,
  auditPage,
  counts,
  ordered,
} from "../../../dagger/src/audit/page.js"
import { auditedProject } from "../../../dagger/src/audit/project.js"
import { RULES } from "../../../dagger/src/audit/rules.js"
import { FIXES, readZizmor } from "../../../dagger/src/audit/zizmor.js"
import { auditText, ruleFindings } from "../../../dagger/src/audit.js"
import { Format } from "../../../dagger/src/format.js"
import type { ProviderId } from "../../../dagger/src/provider.js"
import { readWorkflow } from "../../../dagger/src/workflow.js"
import { root } from "../../root.js"
import { NO_SETUP } from "./facts.js"

const folder = join(root, "test/fixtures/audit")

/** A rule's repositories: see test/fixtures/audit/README.md. */
interface Fixture {
  settings?: Record<string, string>
  found: Record<string, string>
  "near-miss": Record<string, string>
}
const fixture = (id: string) =>
  parse(readFileSync(join(folder, `${id}.yml`), "utf8")) as Fixture

interface Options {
  provider?: ProviderId
  path?: string
  settings?: Record<string, string>
  version?: string
}
const audit = (texts: Record<string, string>, options: Options = {}) => {
  const { provider = "setuptools-scm", path = ".", settings = {} } = options
  const { version } = options
  const project = { provider, settings, version }
  const tracked = Object.keys(texts)
  return ruleFindings({ project, path } as never, { tracked, texts })
}
const places = (findings: Finding[]) =>
  findings.map(({ file, line }) => `${file}:${line}`).sort()

/** The lines of some files that end in `# here`. */
const marked = (texts: Record<string, string>) =>
  Object.entries(texts)
    .flatMap(([file, text]) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          line.endsWith("# here") ? `${file}:${index + 1}` : [],
        ),
    )
    .sort()

describe.each(RULES)("the rule $id", ({ id }) => {
  const { settings, ...repositories } = fixture(id)
  const by = (name: "found" | "near-miss") =>
    audit(repositories[name], { settings }).filter((it) => it.id === id)

  test("finds what it is about, on its line", () => {
    const lines = marked(repositories.found)
    expect(lines).not.toEqual([])
    expect(places(by("found"))).toEqual(lines)
    for (const { why, fix } of by("found")) {
      expect(why).not.toBe("")
      expect(fix).toMatch(/\.$/)
    }
  })

  test("passes over a near miss", () => {
    expect(Object.keys(repositories["near-miss"])).not.toEqual([])
    expect(by("near-miss")).toEqual([])
  })
})

test("each rule has its fixture, and each fixture its rule", () => {
  const ids = RULES.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const files = readdirSync(folder).filter((it) => it.endsWith(".yml"))
  expect(files.sort()).toEqual(ids.map((id) => `${id}.yml`).sort())
})

describe("a project to audit", () => {
  test("may have its metadata in setup.cfg", () => {
    const setup = { ...NO_SETUP, files: ["setup.cfg"], name: "demo" }
    const project = auditedProject({ ...facts(null), setup }, ".")
    expect(project).toMatchObject({ name: "demo", provider: "static" })
  })

  const facts = (pyproject: string | null) => ({
    ...{ git: null, dubious: false, gitFile: null, pyproject },
    ...{ settingsInSetup: false, tracked: true, setup: NO_SETUP },
    projects: [],
  })

  test.each([
    ['[project]\nname = "demo"\ndynamic = ["version"]', undefined],
    ['[tool.poetry]\nname = "demo"\nversion = "1.0"', undefined],
    ['[project]\nname = "demo"\nversion = "1.0"', "1.0"],
  ])("is one whatever its version comes from: %j", (text, version) => {
    const project = auditedProject(facts(text), ".")
    expect(project).toMatchObject({ name: "demo", provider: "static" })
    expect(project.version).toBe(version)
  })

  test.each([null, "a = 1"])("is none without a name: %j", (text) => {
    expect(() => auditedProject(facts(text), ".")).toThrow("pyproject.toml")
  })
})

test("a workflow with all of it is taken apart", () => {
  const text = readFileSync(
    join(root, "test/fixtures/workflows/hybrid.yml"),
    "utf8",
  )
  const found = audit({ ".github/workflows/publish.yml": text })
  expect(found.map(({ id }) => id).sort()).toEqual([
    ...["code-beside-identity", "echoed-tests", "no-environment"],
    ...["no-fetch-depth", "no-tests", "pypi-token", "secret-beside-identity"],
    ...["skip-existing", "skip-existing", "wide-id-token"],
  ])
})

test("the scaffolded workflow has nothing of it", () => {
  const text = readFileSync(join(root, "dagger/templates/deploy.yml"), "utf8")
  expect(audit({ ".github/workflows/deploy.yml": text })).toEqual([])
})

describe("a project whose version is written down", () => {
  const pyproject = '[project]\nname = "demo"\nversion = "1.2.3"\n'
  const given = { provider: "static", version: "1.2.3" } as const

  test("writes it once", () => {
    expect(audit({ "pyproject.toml": pyproject }, given)).toEqual([])
    const texts = {
      "packages/demo/pyproject.toml": pyproject,
      "packages/demo/demo/__init__.py": '__version__ = "1.2.2"\n',
    }
    const found = audit(texts, { ...given, path: "packages/demo" })
    expect(found.map(({ why }) => why.slice(0, 6))).toEqual([
      ...["1.2.3:", "1.2.2:"],
    ])
    expect(places(found)).toEqual([
      "packages/demo/demo/__init__.py:1",
      "packages/demo/pyproject.toml:3",
    ])
  })

  test("may be checked out without its history, and track any file", () => {
    const { found } = fixture("no-fetch-depth")
    expect(audit(found, given)).toEqual([])
    const version = fixture("version-file-tracked")
    expect(audit(version.found, given).map(({ id }) => id)).not.toContain(
      "version-file-tracked",
    )
  })
})

test("a version beside one that git makes is found as it stands", () => {
  const texts = { "pyproject.toml": '[tool.poetry]\nversion = "1.2.3"\n' }
  const [found, ...more] = audit(texts)
  expect(more).toEqual([])
  expect(found).toMatchObject({ id: "version-twice", line: 2 })
  expect(found?.why).toMatch(/^1\.2\.3:/)
})

test("a job that waits for one that is not there waits for no tests", () => {
  const publish = (needs: string) => `on: push
jobs:
  tests:
    runs-on: x
    steps: [{run: pytest}]
  publish:
    needs: ${needs}
    environment: pypi
    permissions: {id-token: write}
    steps: [{uses: pypa/gh-action-pypi-publish@v1}]
`
  const ids = (needs: string) =>
    audit({ ".github/workflows/a.yml": publish(needs) }).map(({ id }) => id)
  expect(ids("[tests]")).not.toContain("no-tests")
  expect(ids("[gone]")).toContain("no-tests")
})

test("a job whose name is a list is told with the line of all jobs", () => {
  const read = readWorkflow("a.yml", "on: push\njobs:\n  ? [a, b]\n  : {}\n")
  expect(read).toMatchObject({ jobs: [{ id: "[ a, b ]", line: 2 }] })
})

test("the version file of a package in a repository of many is found", () => {
  const texts = { "packages/demo/demo/_v.py": "" }
  const settings = { write_to: "demo/_v.py" }
  const found = audit(texts, { path: "packages/demo", settings })
  expect(places(found)).toEqual(["packages/demo/demo/_v.py:1"])
})

describe("a workflow that cannot be read", () => {
  test.each([
    ["on: push\njobs: [\n", 3],
    ["jobs", 1],
    ["on: push\njobs:\n  a: *nothing\n", 3],
  ])("is a finding: %j", (text, line) => {
    const [found, ...more] = audit({ ".github/workflows/x.yml": text })
    expect(more).toEqual([])
    expect(found).toMatchObject({ id: "unreadable", severity: "error", line })
  })

  test("and one without jobs is none", () => {
    const texts = {
      ".github/workflows/a.yml": "on: push",
      ".github/workflows/b.yml": "jobs: {a: 1, b: {steps: 2, needs: {}}}",
    }
    expect(audit(texts)).toEqual([])
  })
})

describe("zizmor's findings", () => {
  const location = (kind: string, row: number) => ({
    symbolic: {
      ...{ kind, annotation: "is not pinned" },
      key: { Local: { verbatim_path: "./.github/workflows/a.yml" } },
    },
    concrete: { location: { start_point: { row } } },
  })
  const finding = {
    ...{ ident: "unpinned-uses", desc: "unpinned action", ignored: false },
    ...{ url: "https://docs.zizmor.sh/", determinations: { severity: "High" } },
    locations: [location("Hidden", 1), location("Primary", 4)],
  }

  test("are told with their primary place", () => {
    expect(readZizmor([finding])).toEqual([
      {
        ...{ id: "zizmor/unpinned-uses", severity: "error" },
        ...{ file: ".github/workflows/a.yml", line: 5 },
        why: "unpinned action: is not pinned",
        fix: `${FIXES["unpinned-uses"]} See https://docs.zizmor.sh/.`,
      },
    ])
  })

  test("have a fixture each, and a way to mend them", () => {
    const files = readdirSync(join(folder, "zizmor"))
    const ids = Object.keys(FIXES).map((id) => `${id}.yml`)
    expect(files.sort()).toEqual(ids.sort())
    const [one] = readZizmor([{ ...finding, ident: "not-known-yet" }])
    expect(one?.fix).toBe("See https://docs.zizmor.sh/.")
  })

  test("are left out where a comment ignores them, or none has a place", () => {
    const ignored = { ...finding, ignored: true }
    const nowhere = { ...finding, locations: [] }
    expect(readZizmor([ignored, nowhere])).toEqual([])
  })

  test("of low severity are warnings, wherever they are", () => {
    const hidden = location("Hidden", 0)
    const symbolic = { ...hidden.symbolic, key: {} }
    const low = {
      ...{ ...finding, determinations: { severity: "Low" } },
      locations: [{ ...hidden, symbolic }],
    }
    const [only] = readZizmor([low])
    expect(only).toMatchObject({ severity: "warning", file: "", line: 1 })
  })
})

describe("the report", () => {
  const finding = (changes: Partial<Finding>): Finding => ({
    ...{ id: "no-tests", severity: "error", file: "b.yml", line: 2 },
    ...{ why: "why", fix: "Fix." },
    ...changes,
  })
  const report = (...findings: Finding[]): AuditReport => ({
    ...{ schema: AUDIT_SCHEMA, project: "demo", workflows: ["b.yml"] },
    findings,
  })

  test("has errors first, then files and lines", () => {
    const warning = finding({ severity: "warning", file: "a.yml" })
    const sorted = [
      finding({ file: "a.yml", line: 9 }),
      finding({}),
      finding({ line: 10 }),
      finding({ line: 10, id: "pypi-token" }),
      warning,
    ]
    expect(ordered([...sorted].reverse())).toEqual(sorted)
    expect(counts(sorted)).toBe("4 errors and 1 warning")
  })

  test("tells where, why and what to do", () => {
    const text = auditText(report(finding({})), Format.Text, true)
    expect(text).toContain("demo: 1 error and 0 warnings")
    expect(text).toMatch(/^error +no-tests +b\.yml:2$/m)
    expect(text).toContain("- b.yml:2 no-tests: why. Fix.")
    const none = { ...report(), workflows: [] }
    expect(auditPage(none)).toMatchObject({
      ...{ facts: [["workflows", "none"]], tables: [], notes: [] },
    })
  })

  test("fails where there are errors, unless they are allowed", () => {
    const failing = report(finding({}))
    expect(() => auditText(failing, Format.Json, false)).toThrow(
      /The audit failed with 1 error and 0 warnings\.\ndemo: /,
    )
    const allowed = auditText(failing, Format.Json, true)
    expect(JSON.parse(allowed)).toEqual(failing)
    const warned = report(finding({ severity: "warning" }))
    expect(auditText(warned, Format.Markdown, false)).toContain("| warning |")
  })
})
