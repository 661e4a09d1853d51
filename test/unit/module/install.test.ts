import { describe, expect, test } from "vitest"
import { kindOf } from "../../../dagger/src/channel.js"
import { readHoldings } from "../../../dagger/src/holdings.js"
import { installAdvice } from "../../../dagger/src/install.js"
import { readProject } from "../../../dagger/src/project.js"
import { targetOf } from "../../../dagger/src/target.js"
import { factsWith, SETUPTOOLS_SCM } from "./facts.js"

const alone = readProject(factsWith(SETUPTOOLS_SCM), ".")
const dependent = { ...alone, dependent: true }

/** The advice for a version, beside the versions that the index has. */
const advice = (
  index: string,
  version: string,
  there: string[] | null,
  project = alone,
) => {
  const target = targetOf({ index, simple: "", service: false, port: 1 })
  const simple = target.simple || `${index}simple/`
  const files = (there ?? []).map((it) => ({
    name: `demo-${it}.tar.gz`,
    yanked: false,
  }))
  const held = there && readHoldings({ simple, files }, version)
  return installAdvice({
    ...{ target, project, version },
    ...{ kind: kindOf(version), held },
  })
}

describe("the plain line gets", () => {
  test.each([
    ["a final that is the highest", "pypi", "1.1", ["1.0", "2.0rc1"]],
    ["a post-release", "pypi", "1.0.post1", ["1.0"]],
    [
      "a dev version, where there are dev versions only",
      "testpypi",
      "1.1.dev2",
      ["1.1.dev1"],
    ],
    ["the first version", "testpypi", "0.1.dev1", []],
    ["as far as is known", "pypi", "1.0", null],
  ] as [string, string, string, string[] | null][])(
    "%s",
    (_, index, version, there) => {
      const { plain, reasons, line } = advice(index, version, there)
      expect(reasons).toEqual([])
      expect(line).toBe(plain)
    },
  )
})

describe("another line is needed", () => {
  test("where a higher final is there", () => {
    expect(advice("pypi", "1.0.1", ["2.0"])).toEqual({
      plain: "pip install Demo.Pkg",
      reasons: ["it installs 2.0, which is higher"],
      line: "pip install Demo.Pkg==1.0.1",
    })
  })

  test("for a candidate or dev version, where any final is there", () => {
    const { reasons, line } = advice("testpypi", "1.1.dev2", ["1.0"])
    expect(reasons[0]).toMatch(/installs 1\.0: pip takes other versions only/)
    expect(line).toBe(
      "pip install --no-deps --index-url https://test.pypi.org/simple/ Demo.Pkg==1.1.dev2 && pip install Demo.Pkg==1.1.dev2",
    )
  })

  test("for a dev version, where a higher one is there", () => {
    const { reasons } = advice("testpypi", "1.1.dev2", ["1.1.dev9"])
    expect(reasons[0]).toMatch(/installs 1\.1\.dev9/)
  })

  test("where dependencies would come from TestPyPI", () => {
    const { reasons, line } = advice("testpypi", "1.1.dev2", [], dependent)
    expect(reasons).toEqual([expect.stringMatching(/anyone may own any name/)])
    expect(line).toMatch(
      /--no-deps .* Demo\.Pkg==1\.1\.dev2 && pip install Demo\.Pkg==1\.1\.dev2$/,
    )
    expect(advice("pypi", "1.1", [], dependent).reasons).toEqual([])
  })

  test("from another index, by its simple API", () => {
    expect(advice("https://x.org/", "1.0", ["2.0"])).toMatchObject({
      plain: "pip install -i https://x.org/simple/ Demo.Pkg",
      line: "pip install --no-deps --index-url https://x.org/simple/ Demo.Pkg==1.0 && pip install Demo.Pkg==1.0",
    })
  })
})

test("there is no line for a rehearsal, or an index that did not answer", () => {
  const none = { plain: null, reasons: [], line: null }
  expect(advice("rehearsal", "1.0", null)).toEqual(none)
  expect(advice("https://x.org/", "1.0", null)).toEqual(none)
})
