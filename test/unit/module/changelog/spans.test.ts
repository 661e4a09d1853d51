import { describe, expect, test } from "vitest"

import {
  type SpanFacts,
  spansOf,
} from "../../../../dagger/src/changelog/spans.js"
import { readProject } from "../../../../dagger/src/project.js"
import { factsWith, SETUPTOOLS_SCM } from "../facts.js"

const project = readProject(factsWith(SETUPTOOLS_SCM), ".")

const spans = (behind: string, changes: Partial<SpanFacts> = {}) =>
  spansOf({
    ...{ project, tagsAtHead: [], version: "", tag: "", ...changes },
    tagsBehind: behind.split(" ").filter(Boolean),
  }).map(({ version, tag, from, to }) => `${version} ${tag}: ${from}..${to}`)

describe("the spans of a whole history", () => {
  test("are its final releases, and what came after", () => {
    expect(spans("v1.0 v1.1rc1 v1.1 v1.1.post1 latest")).toEqual([
      "null HEAD: v1.1.post1..null",
      "1.1.post1 v1.1.post1: v1.1..v1.1.post1",
      "1.1 v1.1: v1.0..v1.1",
      "1.0 v1.0: null..v1.0",
    ])
    expect(spans("")).toEqual(["null HEAD: null..null"])
  })

  test("end at HEAD where that is a release", () => {
    expect(spans("", { tagsAtHead: ["v1.0"] })).toEqual([
      "1.0 v1.0: null..v1.0",
    ])
  })

  test("have the release that is about to be made", () => {
    expect(spans("v1.0", { tag: "v1.1" })).toEqual([
      "1.1 v1.1: v1.0..null",
      "1.0 v1.0: null..v1.0",
    ])
    expect(spans("v1.0", { tag: "v1.0" })[0]).toBe("null HEAD: v1.0..null")
    expect(() => spans("v1.0", { tag: "v1" })).toThrow(/--tag=v1 is no release/)
  })
})

describe("the span of one version", () => {
  const one = (behind: string, version: string, tag = "") =>
    spans(behind, { version, tag })

  test("reaches from the final release before", () => {
    expect(one("v1.0 v1.1rc1 v1.1", "v1.1")).toEqual(["1.1 v1.1: v1.0..v1.1"])
    expect(one("v1.0", "1.0.0")).toEqual(["1.0.0 v1.0: null..v1.0"])
  })

  test("of a candidate, from whatever release before", () => {
    expect(one("v1.0 v1.1rc1 v1.1rc2 v1.1", "1.1rc2")).toEqual([
      "1.1rc2 v1.1rc2: v1.1rc1..v1.1rc2",
    ])
  })

  test("ends at HEAD for one that is to come", () => {
    expect(one("v1.0", "1.1")).toEqual(["1.1 v1.1: v1.0..null"])
    expect(one("1.0", "1.1", "1.1")).toEqual(["1.1 1.1: 1.0..null"])
  })

  test("is refused for what is no version, or not here", () => {
    expect(() => one("v1.0", "new")).toThrow(/no version by PEP 440/)
    expect(() => one("v1.0", "0.9")).toThrow(/has no tag behind HEAD/)
    expect(() => one("v1.0", "1.1", "v1.2")).toThrow(/are two releases/)
  })
})
