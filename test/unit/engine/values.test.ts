import { describe, expect, test } from "vitest"
import { localPath } from "../../../engine/api/address.js"
import { emptyContainer } from "../../../engine/api/container.js"
import { findUp } from "../../../engine/api/directory.js"
import { someLines } from "../../../engine/api/file.js"
import { editAt, locate } from "../../../engine/api/located.js"
import {
  below,
  checkOwner,
  expand,
  inContainer,
} from "../../../engine/api/paths.js"
import {
  EngineError,
  ExecFailure,
  explain,
  hasCode,
  quoteCommand,
} from "../../../engine/errors.js"
import { isExpected } from "../../../engine/exec/expect.js"
import {
  certificateMounts,
  commandEnvironment,
  networkSettings,
} from "../../../engine/exec/prepare.js"
import { outputTail } from "../../../engine/exec/tail.js"
import { lineSplitter } from "../../../engine/progress.js"
import type { Secret } from "../../../engine/secrets/secret.js"
import { Ids } from "../../../engine/values/ids.js"
import { isWithin } from "../../../engine/values/within.js"

describe("ids", () => {
  test("are equal for equal values, and know their type", () => {
    const ids = new Ids()
    const id = ids.of({ type: "CacheVolume", key: "k" })
    expect(ids.of({ type: "CacheVolume", key: "k" })).toBe(id)
    expect(id).toMatch(/^CacheVolume@[0-9a-f]{64}$/)
    expect(ids.expect(id, "CacheVolume").key).toBe("k")
    expect(() => ids.expect(id, "Directory")).toThrow(
      /A Directory is needed, but .* is a CacheVolume/,
    )
    expect(() => ids.get("x".repeat(50))).toThrow(/"x{40}…"/)
    expect(() => ids.get("x")).toThrow(/"x"/)
  })
})

describe("exit codes", () => {
  test.each([
    ["SUCCESS", [0], [1, 127, 137, 200]],
    ["FAILURE", [1, 127, 192, 255], [0, 128, 137, 191]],
    ["ANY", [0, 1, 127, 192], [128, 191]],
  ] as const)("%s takes %j, not %j", (expected, good, bad) => {
    expect(good.map((code) => isExpected(expected, code))).not.toContain(false)
    expect(bad.map((code) => isExpected(expected, code))).not.toContain(true)
  })
})

describe("output", () => {
  test("in an error is trimmed, and cut at 100 KiB", () => {
    expect(outputTail(Buffer.from("\n a \n"))).toBe("a")
    const long = outputTail(Buffer.alloc(100 * 1024 + 3, "x"))
    expect(long).toMatch(/^\[omitting 3 bytes\]\.\.\.x/)
    expect(long.length).toBe(100 * 1024)
  })

  test("is told in whole lines", () => {
    const lines: string[] = []
    const splitter = lineSplitter((line) => lines.push(line))
    for (const piece of ["a", "b\nc\n", "\nd"]) {
      splitter.push(piece)
    }
    expect(lines).toEqual(["ab", "c", ""])
    splitter.end()
    splitter.end()
    expect(lines).toEqual(["ab", "c", "", "d"])
  })

  test("of lines is counted from an offset", () => {
    const text = "1\n2\n3"
    expect(someLines(text, {})).toBe(text)
    expect(someLines(text, { offsetLines: 1 })).toBe("2\n3")
    expect(someLines(text, { limitLines: 1 })).toBe("1\n")
    expect(someLines("", { limitLines: 1 })).toBe("")
  })
})

describe("errors", () => {
  const system = (code: string, path?: string) =>
    explain(Object.assign(new Error("raw"), { code, path })).message

  test.each([
    ["ENOSPC", "/d", "There is no space left on the disk at /d."],
    ["ENOSPC", undefined, "There is no space left on the disk."],
    ["EDQUOT", "/d", "The disk quota is used up at /d."],
    ["EACCES", "/d", "Permission to use /d is denied."],
    ["EACCES", undefined, "Permission to use a file is denied."],
    ["EPERM", "/d", "Permission to use /d is denied."],
    ["EPERM", undefined, "Permission to use a file is denied."],
    ["EROFS", "/d", "The file system at /d is read-only."],
    [
      "EMFILE",
      "/d",
      "There are too many open files: raise the limit (ulimit -n).",
    ],
    [
      "E2BIG",
      undefined,
      "A command line is too long for Linux: pass long texts in files.",
    ],
    ["EOTHER", "/d", "raw"],
  ])("%s at %s: %s", (code, path, expected) => {
    expect(system(code, path)).toBe(expected)
  })

  test("that are no errors become some, and others stay", () => {
    expect(explain("text")).toEqual(new EngineError("text"))
    const own = new Error("own")
    expect(explain(own)).toBe(own)
  })

  test("are known by their codes", () => {
    const error = Object.assign(new Error("raw"), { code: "ENOENT" })
    expect(hasCode(error, "EXDEV", "ENOENT")).toBe(true)
    expect(hasCode(error, "EXDEV")).toBe(false)
    expect(hasCode(new Error("raw"), "ENOENT")).toBe(false)
    expect(hasCode(undefined, "ENOENT")).toBe(false)
  })

  test("of a command have what the SDK's ExecError is made of", () => {
    const output = { stdout: "out", stderr: "err" }
    const error = new ExecFailure(["sh", "-c", "exit 3"], 3, output)
    expect(error.message).toBe(
      "The command sh -c 'exit 3' failed with exit code 3.",
    )
    expect(error.extensions).toEqual({
      ...{ _type: "EXEC_ERROR", cmd: ["sh", "-c", "exit 3"], exitCode: 3 },
      ...output,
    })
    const told = new ExecFailure(["x"], 127, output, "There is no program x.")
    expect(told.message).toBe("There is no program x.")
  })

  test("show commands as one types them", () => {
    expect(quoteCommand(["sh", "-c", "it's", ""])).toBe(`sh -c 'it'\\''s' ''`)
  })
})

describe("paths", () => {
  test("of a container start at its working directory", () => {
    const container = { ...emptyContainer, workdir: "/work" }
    expect(inContainer(container, "a")).toBe("/work/a")
    expect(inContainer(container, "/a")).toBe("/a")
    expect(inContainer(emptyContainer, "a")).toBe("/a")
    expect(inContainer(emptyContainer, "../a")).toBe("/a")
  })

  test.each([
    ["/", "a", "/a"],
    ["/d", "/a", "/d/a"],
    ["/d", "../../a", "/d/a"],
    ["/d", ".", "/d"],
    ["/", ".", "/"],
  ])("below %s, %s is %s", (folder, inside, expected) => {
    expect(below(folder, inside)).toBe(expected)
  })

  test.each([
    ["/a/b", "/a", true],
    ["/a", "/a", true],
    ["/ab", "/a", false],
    ["/a", "/", true],
  ])("%s is within %s: %s", (inside, folder, expected) => {
    expect(isWithin(inside, folder)).toBe(expected)
  })

  test("are looked for upwards", () => {
    const there = new Set(["/a/x", "/y"])
    const find = (name: string) =>
      findUp("/a/b/c", name, (place) => there.has(place))
    expect(find("x")).toBe("a/x")
    expect(find("y")).toBe("y")
    expect(find("z")).toBe(null)
  })

  test.each(["https://x/y.git", "git@x.org:y", "ssh://x/y"])(
    "%s is no folder of this machine",
    (address) => {
      expect(() => localPath(address)).toThrow(/clone it first/)
    },
  )

  test("may be written as addresses", () => {
    expect(localPath("file:///a")).toBe("/a")
    expect(localPath("./a")).toBe("./a")
  })
})

describe("variables", () => {
  const container = {
    ...emptyContainer,
    environment: { A: "1", LONG_NAME: "2" },
    volatile: { V: "3" },
  }

  test.each([
    [["$A-$", "{LONG_NAME}"].join(""), "1-2"],
    ["$NOT_THERE.", "."],
    ["100 $", "100 $"],
    ["$$A $1", "A "],
  ])("%s is %s", (text, expected) => {
    expect(expand(container, text)).toBe(expected)
  })

  test("that are volatile or secret stay out", () => {
    expect(() => expand(container, "$V")).toThrow(/volatile variable V/)
    const secrets = { S: { type: "Secret", digest: "s" } as Secret }
    expect(() => expand({ ...container, secrets }, "$S")).toThrow(
      /secret variable S/,
    )
  })

  test("of the network come from the caller, the container's win", () => {
    const settings = networkSettings({
      HTTPS_PROXY: "p",
      https_proxy: "q",
      NO_PROXY: "",
      SSL_CERT_FILE: "/c",
      SECRET: "s",
    })
    expect(settings).toEqual({
      HTTPS_PROXY: "p",
      https_proxy: "q",
      SSL_CERT_FILE: "/c",
    })
    const environment = commandEnvironment(
      { ...container, environment: { SSL_CERT_FILE: "/own", HOME: "/home" } },
      settings,
      { variables: { S: Buffer.from("s") }, files: {} },
    )
    expect(environment).toMatchObject({
      HOME: "/home",
      SSL_CERT_FILE: "/own",
      S: "s",
      V: "3",
    })
  })

  test("bring the certificates they point to, where nothing shows them", () => {
    const at = (place: string) =>
      certificateMounts(
        { SSL_CERT_FILE: place, PIP_CERT: place },
        {
          ...emptyContainer,
          binds: [{ source: "/usr", target: "/usr" }],
        },
      )
    expect(at("/etc/passwd")).toEqual([
      {
        target: "/etc/passwd",
        kind: "bind",
        source: "/etc/passwd",
        readOnly: true,
        file: true,
      },
    ])
    expect(at("/etc")[0]).toMatchObject({ file: false })
    expect(at("/usr/bin/env")).toEqual([])
    expect(at("/not/there")).toEqual([])
    expect(at("relative")).toEqual([])
  })
})

describe("owners", () => {
  test("are root", () => {
    for (const owner of [undefined, "", "root", "0:0"]) {
      expect(() => checkOwner(owner)).not.toThrow()
    }
    expect(() => checkOwner("nobody")).toThrow(/one user, root.*nobody/)
  })
})

describe("where a path is", () => {
  const filesystem = { digest: "mounted", layers: async () => [] }
  const container = {
    ...emptyContainer,
    binds: [{ source: "/host/usr", target: "/usr", except: ["/usr/local"] }],
    mounts: [
      {
        kind: "directory" as const,
        target: "/src",
        filesystem,
        path: "/sub",
        readOnly: false,
      },
      { kind: "temp" as const, target: "/src/tmp", size: undefined },
    ],
  }

  test.each([
    ["/etc/x", emptyContainer.filesystem.digest, "/etc/x"],
    ["/usr/local/x", emptyContainer.filesystem.digest, "/usr/local/x"],
    ["/src", "mounted", "/sub"],
    ["/src/a/b", "mounted", "/sub/a/b"],
  ])("%s", (place, digest, inside) => {
    const found = locate(container, place)
    expect([
      found.filesystem.digest,
      found.path.replace(/(.)\/$/, "$1"),
    ]).toEqual([digest, inside])
  })

  test("of the toolchain is the host's", async () => {
    const found = locate(container, "/usr/bin/x")
    expect(found.path).toBe("/bin/x")
    expect(await found.filesystem.layers()).toEqual(["/host/usr"])
  })

  test("of what only commands see is refused", () => {
    expect(() => locate(container, "/src/tmp/x")).toThrow(/only commands/)
  })

  test("of the toolchain cannot be changed", () => {
    const edit = (path: string) => ({ kind: "remove" as const, path })
    const engine = {} as Parameters<typeof editAt>[0]
    expect(() => editAt(engine, container, "/usr/x", edit)).toThrow(/read-only/)
    const changed = editAt(engine, container, "/src/x", edit)
    expect(changed.filesystem).toBe(container.filesystem)
    expect(changed.mounts[0]).not.toEqual(container.mounts[0])
    expect(changed.mounts[1]).toBe(container.mounts[1])
  })

  test("on the root is changed there", () => {
    const edit = (path: string) => ({ kind: "remove" as const, path })
    const engine = {} as Parameters<typeof editAt>[0]
    const { filesystem, ...rest } = editAt(engine, container, "/etc/x", edit)
    expect(filesystem.digest).not.toBe(container.filesystem.digest)
    expect(rest).toEqual({ ...container, filesystem: undefined })
  })
})
