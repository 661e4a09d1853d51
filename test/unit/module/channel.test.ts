import { describe, expect, test } from "vitest"
import {
  CHANNELS,
  channelOf,
  kindOf,
  readChannels,
} from "../../../dagger/src/channel.js"
import type { Build } from "../../../dagger/src/ref.js"

describe("a version is of a kind:", () => {
  test.each([
    ["0.6.0.dev23", "dev"],
    ["0.6.0rc2.dev1", "dev"],
    ["0.6.0a1", "a"],
    ["0.6.0b1", "b"],
    ["0.6.0rc1", "rc"],
    ["0.6.0", "final"],
    ["0.6.0.post1", "post"],
  ])("%s: %s", (version, kind) => {
    expect(kindOf(version)).toBe(kind)
  })
})

describe("channels", () => {
  test("are a table of which rows are replaced", () => {
    expect(readChannels([])).toEqual(CHANNELS)
    expect(
      readChannels(["rc=testpypi", "dev=none", "final=https://x/?a=b"]),
    ).toEqual({
      ...CHANNELS,
      rc: "testpypi",
      dev: "none",
      final: "https://x/?a=b",
    })
  })

  test.each(["alpha=pypi", "dev", "dev=", "toString=pypi"])(
    "%s is refused, naming the kinds",
    (change) => {
      expect(() => readChannels([change])).toThrow(
        /is no channel.*dev, a, b, rc, final, post/,
      )
    },
  )
})

describe("what is built goes", () => {
  const branch: Build = { kind: "branch", branch: "main" }
  const tag: Build = { kind: "tag", tag: "v1.0", version: "1.0" }
  const cycle: Build = { kind: "cycle", tag: "v2.dev0", version: "2.dev0" }
  const where = (build: Build, version: string, ...changes: string[]) =>
    channelOf(build, version, readChannels(changes))

  test("where its kind goes", () => {
    expect(where(branch, "1.1.dev2").index).toBe("testpypi")
    expect(where(tag, "1.0").index).toBe("pypi")
    expect(where(tag, "1.0", "final=testpypi")).toEqual({
      kind: "final",
      index: "testpypi",
      why: "final releases go to testpypi",
    })
  })

  test("nowhere, where its kind goes nowhere", () => {
    expect(where(branch, "1.1.dev2", "dev=none").index).toBeNull()
  })

  test("nowhere, where it starts a cycle or is a request", () => {
    expect(where(cycle, "2.dev0")).toMatchObject({
      index: null,
      why: "v2.dev0 starts a cycle and is not deployed",
    })
    const request: Build = { kind: "request", branch: null }
    expect(where(request, "1.1.dev2").index).toBeNull()
  })
})
