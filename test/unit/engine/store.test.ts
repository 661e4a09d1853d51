import { homedir } from "node:os"
import { describe, expect, test } from "vitest"

import { layerFolder } from "../../../engine/store/layer.js"
import { type Contents, choose } from "../../../engine/store/prune-choice.js"
import { defaultStore } from "../../../engine/store/store.js"
import { parseOwner, parseStartTime } from "../../../engine/store/temporary.js"

describe("the store", () => {
  test.each([
    [{ XDG_CACHE_HOME: "/x", HOME: "/h" }, "/x/pypi-deploy"],
    [{ HOME: "/h" }, "/h/.cache/pypi-deploy"],
    [{ XDG_CACHE_HOME: "", HOME: "/h" }, "/h/.cache/pypi-deploy"],
    [{}, `${homedir()}/.cache/pypi-deploy`],
  ])("of %j is %s", (environment, expected) => {
    expect(defaultStore(environment)).toBe(expected)
  })

  test.each([
    ["abc", "abc/fs"],
    ["abc/dist/x", "abc/fs/dist/x"],
    ["/usr/lib", "/usr/lib"],
  ])("layer %s is at %s", (layer, expected) => {
    expect(layerFolder(layer)).toBe(expected)
  })
})

describe("who a temporary folder belongs to", () => {
  test.each([
    ["12.345.678.abcd", { pid: 12, start: "345", namespace: "678" }],
    ["12.345.abcd", undefined],
    ["other", undefined],
  ])("%s", (name, expected) => {
    expect(parseOwner(name)).toEqual(expected)
  })

  test.each([
    ["S", "4711"],
    ["Z", undefined],
    ["X", undefined],
  ])("a process in state %s started at %s", (state, expected) => {
    const fields = Array.from({ length: 30 }, (_, at) => `f${at}`)
    fields[0] = state
    fields[19] = "4711"
    expect(parseStartTime(`12 (a) b (c) ${fields.join(" ")}`)).toBe(expected)
  })
})

describe("what is pruned", () => {
  const contents: Contents = {
    records: [
      { digest: "old", used: 10, layers: ["l1", "shared"] },
      { digest: "new", used: 90, layers: ["l2/dist", "shared"] },
      { digest: "now", used: 205, layers: ["l3"] },
    ],
    layers: [
      { id: "l1", made: 10, bytes: 100 },
      { id: "l2", made: 90, bytes: 100 },
      { id: "l3", made: 10, bytes: 100 },
      { id: "shared", made: 10, bytes: 100 },
      { id: "orphan", made: 10, bytes: 100 },
      { id: "unwritten", made: 202, bytes: 100 },
    ],
    caches: [{ name: "cache", used: 50, bytes: 1000 }],
  }
  const policy = { now: 210, inUseSince: 200, maxAge: 1e9, maxBytes: 1e9 }

  test("nothing but orphans, where all is new and small", () => {
    expect(choose(contents, policy)).toEqual({
      records: [],
      caches: [],
      layers: ["orphan"],
    })
  })

  test("what was not used for too long", () => {
    expect(choose(contents, { ...policy, maxAge: 170 })).toEqual({
      records: ["old"],
      caches: [],
      layers: ["l1", "orphan"],
    })
  })

  test("what was not used for longest, until the rest is small", () => {
    expect(choose(contents, { ...policy, maxBytes: 500 })).toEqual({
      records: ["old"],
      caches: ["cache"],
      layers: ["l1", "orphan"],
    })
  })

  test("never what running calls use, or are about to record", () => {
    const all = { ...policy, maxAge: 0, maxBytes: 0 }
    expect(choose(contents, all)).toEqual({
      records: ["old", "new"],
      caches: ["cache"],
      layers: ["l1", "l2", "shared", "orphan"],
    })
  })
})
