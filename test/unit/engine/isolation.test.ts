import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"

import { wrapEnvironment } from "../../../engine/isolation/environment.js"
import {
  fstab,
  lockedOptions,
  overlayOptions,
} from "../../../engine/isolation/fstab.js"
import type { RunRequest } from "../../../engine/isolation/isolation.js"
import { refuseLinks } from "../../../engine/isolation/links.js"
import { overlayMount, planMounts } from "../../../engine/isolation/plan.js"

const request: RunRequest = {
  layers: "/store/layers",
  folder: "/store/tmp/run",
  root: { layers: ["b", "a"], upper: "/store/tmp/up" },
  binds: [],
  mounts: [],
  command: ["true"],
  environment: {},
  secrets: [],
  hosts: "",
  workdir: "/",
  stdin: "",
  stdinFile: "",
  init: true,
  onOutput() {},
}

const plan = (changes: Partial<RunRequest>) =>
  planMounts({ ...request, ...changes }, "", (name) => name === "sys")

describe("a container's environment", () => {
  test("means nothing to the programs that make it", () => {
    const environment = { LD_PRELOAD: "/x.so", "a.b": 'c "d"', PATH: "/bin" }
    expect(wrapEnvironment(environment, { root: "/r" })).toEqual({
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      root: "/r",
      search: "/bin",
      names: ["E0", "E1", "E2"].map((name) => `"\${${name}}"`).join(" "),
      E0: "LD_PRELOAD=/x.so",
      E1: 'a.b=c "d"',
      E2: "PATH=/bin",
    })
  })

  test("may be none at all", () => {
    expect(wrapEnvironment({}, {})).toMatchObject({
      search: expect.stringMatching(/^\/usr\/local\/sbin:/),
      names: "",
    })
  })
})

describe("fstab", () => {
  test("writes blanks, backslashes and hashes in octal", () => {
    expect(
      fstab([
        { source: "/a b", target: "/c\\d", type: "none", options: ["x", "#y"] },
      ]),
    ).toBe("/a\\040b /c\\134d none x,\\043y 0 0\n")
  })

  test("parts of an overlay are told apart", () => {
    expect(overlayOptions(["a:b", "c,d"], "/up")).toEqual([
      "userxattr",
      "lowerdir=a\\:b:c\\,d",
      "upperdir=/up/fs",
      "workdir=/up/work",
    ])
  })

  test("more layers than Linux takes are refused", () => {
    const many = Array.from({ length: 400 }, (_, at) => `layer-${at}/fs`)
    expect(() => overlayOptions(many)).toThrow(/400 layers/)
  })
})

describe("a bind keeps what the host's mount forbids", () => {
  const mountinfo = [
    "1 0 8:1 / / rw,relatime - ext4 /dev/a rw",
    "2 1 8:2 / /opt rw,nosuid,nodev,relatime - ext4 /dev/b rw",
    "3 2 8:3 / /opt/deep rw,noexec - ext4 /dev/c rw",
    "",
  ].join("\n")
  test.each([
    ["/usr", []],
    ["/opt", ["nosuid", "nodev"]],
    ["/opt/x", ["nosuid", "nodev"]],
    ["/opt/deep/x", ["noexec"]],
    ["/optional", []],
  ])("%s: %j", (source, expected) => {
    expect(lockedOptions(mountinfo, source)).toEqual(expected)
  })
})

describe("a folder of the container's own", () => {
  const store = mkdtempSync(join(tmpdir(), "links-"))
  afterAll(() => rmSync(store, { recursive: true, force: true }))
  const folder = (name: string) =>
    mkdirSync(join(store, name), { recursive: true })
  const check = (...layers: string[]) =>
    refuseLinks({
      layers: store,
      root: { layers },
      binds: [
        { source: "/usr", target: "/usr", except: ["/usr/local"] },
        { source: "/opt", target: "/opt" },
      ],
    })

  test("is no link, as the topmost layer has it", () => {
    folder("base/fs/usr/local")
    folder("linked/fs/usr")
    symlinkSync("/root", join(store, "linked/fs/usr/local"))
    folder("above/fs")
    symlinkSync("/home", join(store, "above/fs/usr"))
    folder("bare/fs")
    expect(() => check("bare", "base")).not.toThrow()
    expect(() => check("base", "linked")).not.toThrow()
    expect(() => check("linked", "base")).toThrow(/^\/usr\/local is a symbolic/)
    expect(() => check("above", "base")).toThrow(/^\/usr is a symbolic/)
  })
})

describe("a plan", () => {
  test("mounts the root first, then what belongs in it", () => {
    const { outer, inner, stubs, secrets } = plan({})
    expect(outer[0]).toEqual({
      source: "overlay",
      target: "/store/tmp/run/root",
      type: "overlay",
      options: [
        "userxattr",
        "lowerdir=b/fs:a/fs",
        "upperdir=../tmp/up/fs",
        "workdir=../tmp/up/work",
      ],
    })
    expect([inner, stubs, secrets]).toEqual([[], [], []])
    const proc = outer.filter(({ target }) => target.includes("/root/proc/"))
    expect(proc.map(({ target }) => target)).toEqual([
      "/store/tmp/run/root/proc/sys",
    ])
    expect(outer.some(({ target }) => target.endsWith("/secrets"))).toBe(false)
  })

  test("keeps the container's own folders in front of the host's", () => {
    const { outer } = plan({
      binds: [{ source: "/usr", target: "/usr", except: ["/usr/local"] }],
    })
    const aside = "/store/tmp/run/own0.0"
    expect(
      outer.slice(1, 4).map(({ source, target }) => [source, target]),
    ).toEqual([
      ["/store/tmp/run/root/usr/local", aside],
      ["/usr", "/store/tmp/run/root/usr"],
      [aside, "/store/tmp/run/root/usr/local"],
    ])
    expect(outer[2]?.options).toEqual(["bind", "ro"])
  })

  test("has what is mounted from inside at /mnt first", () => {
    const { inner, stubs, secrets, outer, places } = plan({
      mounts: [
        {
          target: "/src",
          kind: "overlay",
          layers: ["x", "/host"],
          upper: "/store/tmp/1",
        },
        { target: "/ro", kind: "overlay", layers: ["x"] },
        { target: "/none", kind: "overlay", layers: [] },
        {
          target: "/cache",
          kind: "bind",
          source: "/store/c",
          readOnly: false,
          file: false,
        },
        {
          target: "/cert",
          kind: "bind",
          source: "/certs/a",
          readOnly: true,
          file: true,
        },
        { target: "/tmpfs", kind: "memory", size: 1024 },
        { target: "/any", kind: "memory" },
        {
          target: "/s1",
          kind: "secret",
          content: Buffer.from("a"),
          mode: 0o400,
        },
        {
          target: "/s2",
          kind: "secret",
          content: Buffer.from("b"),
          mode: 0o444,
        },
      ],
    })
    const made = "X-mount.mkdir=0755"
    const empty = "../tmp/run/empty"
    const rows = (mounts: typeof inner) =>
      mounts.map(({ source, target, options }) => [source, target, options])
    const mnt = "/store/tmp/run/root/mnt"
    expect(rows(outer.slice(-7))).toEqual([
      ["/store/tmp/run/mnt", mnt, ["bind"]],
      ["tmpfs", `${mnt}/secrets`, ["mode=0755"]],
      [
        "overlay",
        `${mnt}/0`,
        [
          "userxattr",
          "lowerdir=x/fs:/host",
          "upperdir=../tmp/1/fs",
          "workdir=../tmp/1/work",
        ],
      ],
      ["overlay", `${mnt}/1`, ["userxattr", `lowerdir=x/fs:${empty}`]],
      ["overlay", `${mnt}/2`, ["userxattr", `lowerdir=${empty}:${empty}2`]],
      ["/store/c", `${mnt}/3`, ["bind"]],
      ["/certs/a", `${mnt}/4`, ["bind", "ro"]],
    ])
    expect(places.filter(({ file }) => file)).toEqual([
      { name: "4", file: true },
    ])
    expect(places.map(({ name }) => name)).toEqual(["0", "1", "2", "3", "4"])
    expect(rows(inner)).toEqual([
      ["/mnt/0", "/src", ["bind", made]],
      ["/mnt/1", "/ro", ["bind", made]],
      ["/mnt/2", "/none", ["bind", made]],
      ["/mnt/3", "/cache", ["bind", made]],
      ["/mnt/4", "/cert", ["bind"]],
      ["tmpfs", "/tmpfs", ["nosuid", "nodev", "mode=1777", "size=1024", made]],
      ["tmpfs", "/any", ["nosuid", "nodev", "mode=1777", made]],
      ["/mnt/secrets/0", "/s1", ["bind", "ro"]],
      ["/mnt/secrets/1", "/s2", ["bind", "ro"]],
    ])
    expect(stubs).toEqual(["/cert", "/s1", "/s2"])
    expect(secrets.map(({ name, mode }) => [name, mode])).toEqual([
      ["0", 0o400],
      ["1", 0o444],
    ])
  })

  test("an overlay has layers enough for overlayfs", () => {
    const lower = (layers: string[], upper?: string) =>
      overlayMount(request, "/t", { layers, upper }).options[1]
    expect(lower(["a", "b", "c"], "/u")).toBe("lowerdir=a/fs:b/fs:c/fs")
    expect(lower([], "/u")).toBe("lowerdir=../tmp/run/empty")
    expect(lower(["a", "b"])).toBe("lowerdir=a/fs:b/fs")
  })
})
