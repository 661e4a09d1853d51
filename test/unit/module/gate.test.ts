import { describe, expect, test } from "vitest"
import { distFiles } from "../../../dagger/src/dist.js"
import type { Commit } from "../../../dagger/src/facts.js"
import {
  buildRefusals,
  commitRefusals,
  uploadRefusals,
} from "../../../dagger/src/gate.js"
import type { Project } from "../../../dagger/src/project.js"
import type { Build } from "../../../dagger/src/ref.js"
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

  test("with missing files may have lost them to the call", () => {
    const facts = { edited: ["a.py"], missing: ["a.py"] }
    const [found] = commitRefusals(dynamic, commit(facts))
    expect(found).toMatch(/may be left out of the source by the call/)
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

describe("what is built", () => {
  const refusals = (index: string, build: Build) =>
    buildRefusals(
      build,
      targetOf({ index, simple: "", service: false, port: 1 }),
    )
  const cycle: Build = { kind: "cycle", tag: "v2.dev0", version: "2.dev0" }
  const request: Build = { kind: "request", branch: null }

  test("of a branch or a release tag is published", () => {
    expect(refusals("pypi", { kind: "branch", branch: "main" })).toEqual([])
    const tag = { kind: "tag", tag: "v1.0", version: "1.0" } as const
    expect(refusals("pypi", tag)).toEqual([])
  })

  test("of the start of a cycle or a request is rehearsed at most", () => {
    expect(refusals("testpypi", cycle)[0]).toMatch(/v2\.dev0 starts a cycle/)
    expect(refusals("testpypi", request)[0]).toMatch(/--index=rehearsal/)
    expect(refusals("rehearsal", cycle)).toEqual([])
    expect(refusals("rehearsal", request)).toEqual([])
  })
})

describe("an upload", () => {
  const refusals = (index: string, names: string[]) => {
    const options = { index, simple: "", service: false, port: 1 }
    const files = distFiles(names)
    return uploadRefusals({ target: targetOf(options), files })
  }
  const linux = "demo-1.0-cp311-cp311-linux_x86_64.whl"

  test("to pypi takes no linux wheel, and says the ways out", () => {
    const [found] = refusals("pypi", [linux])
    expect(found).toMatch(/linux_x86_64.*--dist.*--sdist-only/)
  })

  test("to pypi takes no local version", () => {
    const [found] = refusals("pypi", ["demo-1.0+g1a2b3c4.tar.gz"])
    expect(found).toMatch(/no local versions: 1\.0\+g1a2b3c4/)
  })

  test("says all that is wrong at once", () => {
    const both = [linux.replace("1.0", "1.0+x"), "demo-1.0+x.tar.gz"]
    expect(refusals("testpypi", both)).toHaveLength(2)
  })

  test("to another index takes what that index takes", () => {
    expect(refusals("https://example.com", [linux])).toEqual([])
  })
})
