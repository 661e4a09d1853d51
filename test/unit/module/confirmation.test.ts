import { describe, expect, test } from "vitest"
import {
  type ConfirmReport,
  confirmPage,
  expectNamed,
} from "../../../dagger/src/confirmation.js"
import { Format } from "../../../dagger/src/format.js"
import { render } from "../../../dagger/src/page.js"

const report: ConfirmReport = {
  schema: "pypi-deploy/confirm/1",
  project: "demo",
  version: "1.0",
  index: { id: "pypi", simple: "https://pypi.org/simple/" },
  compared: "build",
  files: [
    { name: "demo-1.0.tar.gz", url: "https://f/", sha256: "ab", size: 7 },
  ],
  confirmation: { python: "3.11", imported: ["demo"], serial: "42" },
  notices: ["1.0 is yanked on the index."],
}

test("a confirmation says what was compared, and what installed", () => {
  expect(render(report, confirmPage, Format.Text)).toBe(
    `demo 1.0 is on https://pypi.org/simple/, and installs

compared   sha256 of every file with what was built
installed  on 3.11, imports demo
serial     42

file             bytes  sha256
demo-1.0.tar.gz  7      ab

- 1.0 is yanked on the index.`,
  )
})

test("without a build the index's own word is compared", () => {
  const confirmation = { ...report.confirmation, serial: "" }
  const bare = { ...report, compared: "index" as const, confirmation }
  const text = render(bare, confirmPage, Format.Text)
  expect(text).toContain("with what the index says")
  expect(text).not.toContain("serial")
})

describe("a release by its name", () => {
  test("is a project and a version", () => {
    const expected = { project: "demo", version: "1.0", files: [] }
    expect(expectNamed("demo", "1.0")).toEqual(expected)
    expect(expectNamed("", "")).toBeNull()
  })

  test.each(["abc", "1.0-", "latest"])("has a version: %j", (version) => {
    expect(() => expectNamed("demo", version)).toThrow(/is no version/)
  })

  test.each([
    ["demo", ""],
    ["", "1.0"],
  ])("is refused in half: %j %j", (project, version) => {
    expect(() => expectNamed(project, version)).toThrow(/go together/)
  })
})
