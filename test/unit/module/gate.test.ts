import { describe, expect, test } from "vitest"
import { distFiles } from "../../../dagger/src/dist.js"
import type { Commit } from "../../../dagger/src/facts.js"
import { commitRefusals, uploadRefusals } from "../../../dagger/src/gate.js"
import type { Project } from "../../../dagger/src/project.js"
import { targetOf } from "../../../dagger/src/target.js"
import { GIT } from "./facts.js"

const commit = (changes: Partial<Commit> = {}) =>
  ({ ...GIT, ...changes }) as Commit
const dynamic = { name: "demo" } as Project
const fixed = { name: "demo", version: "1.2.0" } as Project

describe("a commit", () => {
  test("is published as it is", () => {
    expect(commitRefusals(dynamic, commit())).toEqual([])
  })

  test("is refused with edited files, naming them", () => {
    const edited = Array.from({ length: 12 }, (_, n) => `f${n}.py`)
    const [some] = commitRefusals(dynamic, commit({ edited: ["a.py"] }))
    const [many] = commitRefusals(dynamic, commit({ edited }))
    expect(some).toContain("a.py changed")
    expect(many).toContain("f9.py and 2 more changed")
  })

  test("with a version in pyproject.toml is published at its tag only", () => {
    const at = (...tagsAtHead: string[]) =>
      commitRefusals(fixed, commit({ tagsAtHead }))
    expect(at("v1.2")).toEqual([])
    expect(at("1.2.0", "latest")).toEqual([])
    expect(at()[0]).toMatch(/tag v1\.2\.0 or 1\.2\.0 only, and HEAD has no tag/)
    expect(at("v1.1")[0]).toMatch(/HEAD has the tag v1\.1\./)
  })
})

describe("an upload", () => {
  const refusals = (index: string, names: string[], token = true) => {
    const options = { index, simple: "", service: false, port: 1 }
    const files = distFiles(names)
    return uploadRefusals({ target: targetOf(options), files, token })
  }
  const linux = "demo-1.0-cp311-cp311-linux_x86_64.whl"

  test.each(["pypi", "testpypi"])("to %s needs a token", (index) => {
    expect(refusals(index, ["demo-1.0.tar.gz"])).toEqual([])
    expect(refusals(index, ["demo-1.0.tar.gz"], false)[0]).toMatch(
      /wants a token.*--token=env:NAME/,
    )
  })

  test("to pypi takes no linux wheel, and says the ways out", () => {
    const [found] = refusals("pypi", [linux])
    expect(found).toMatch(/linux_x86_64.*--dist.*--sdist-only/)
  })

  test("to pypi takes no local version", () => {
    const [found] = refusals("pypi", ["demo-1.0+g1a2b3c4.tar.gz"])
    expect(found).toMatch(/no local versions: 1\.0\+g1a2b3c4/)
  })

  test("says all that is wrong at once", () => {
    expect(refusals("testpypi", [linux], false)).toHaveLength(2)
  })

  test("to another index takes what that index takes", () => {
    expect(refusals("https://example.com", [linux], false)).toEqual([])
  })
})
