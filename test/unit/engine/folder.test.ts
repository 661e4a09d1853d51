import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"

import { chooseIsolation } from "../../../engine/isolation/isolation.js"
import {
  linkMap,
  linkSays,
  mapCommand,
  mapWord,
  pathMap,
} from "../../../engine/isolation/paths.js"
import {
  programFolder,
  withPrograms,
} from "../../../engine/isolation/programs.js"
import { look, stack, takeChanges } from "../../../engine/isolation/stack.js"

const map = pathMap(
  {
    binds: [
      {
        source: "/home/me/py",
        target: "/home/me/py",
        except: ["/home/me/own"],
      },
      { source: "/home/me/py/bin/p", target: "/usr/local/bin/p" },
    ],
    mounts: [
      { target: "/src", kind: "overlay", layers: [] },
      {
        target: "/cache",
        kind: "bind",
        source: "/store/c",
        readOnly: false,
        file: false,
      },
      {
        target: "/src/deep/cache",
        kind: "bind",
        source: "/store/d",
        readOnly: false,
        file: false,
      },
    ],
  },
  "/root-folder",
)

describe("a container's path", () => {
  test.each([
    ["/src/a", "/root-folder/src/a"],
    ["/cache/uv", "/store/c/uv"],
    ["/src/deep/cache/uv", "/store/d/uv"],
    ["/usr/bin/git", "/usr/bin/git"],
    ["/usr/local/bin/p", "/root-folder/usr/local/bin/p"],
    ["/dev/null", "/dev/null"],
    ["/home/me/py/lib", "/home/me/py/lib"],
    ["/home/me", "/root-folder/home/me"],
    ["/etc/passwd", "/root-folder/etc/passwd"],
    ["/src/../usr/bin/x", "/usr/bin/x"],
  ])("%s is %s", (inside, outside) => {
    expect(map(inside)).toBe(outside)
  })

  test.each([
    ["--root=/src", "--root=/root-folder/src"],
    ["/src:/usr/bin:", "/root-folder/src:/usr/bin:"],
    ["a/src", "a/src"],
    ["--flag=/src:relative", "--flag=/src:relative"],
    ["http://index:80/src", "http://127.0.0.1:80/src"],
    ["http://me:pw@index/", "http://me:pw@127.0.0.1/"],
    ["http://index.example/", "http://index.example/"],
    ["x1+http://index:80", "x1+http://127.0.0.1:80"],
    ["1://index ://index", "1://index ://index"],
  ])("in %s gives %s", (word, mapped) => {
    expect(mapWord(word, map, ["index"])).toBe(mapped)
  })

  test("in a long text is found without reading it again and again", () => {
    const long = "x".repeat(3_000_000)
    expect(mapWord(`${long} http://index/`, map, ["index"])).toBe(
      `${long} http://127.0.0.1/`,
    )
  })

  test.each([
    ["cd /src && ls", "cd /root-folder/src && ls"],
    ["/src/run", "/root-folder/src/run"],
    ["ls /src/*.py", "ls /root-folder/src/*.py"],
    ["ls /; ls /*", "ls /root-folder/; ls /root-folder/*"],
    ["A=/src:/usr/bin x>/dev/null", "A=/root-folder/src:/usr/bin x>/dev/null"],
    ['cat "/src/a b"', 'cat "/root-folder/src/a b"'],
    ["get http://index/src s/a/b/", "get http://127.0.0.1/src s/a/b/"],
    ["cat $DIR/src ./src", "cat $DIR/src ./src"],
  ])("in the script %s gives %s", (script, mapped) => {
    const words = ["sh", "-ec", script, "/src"]
    expect(mapCommand(words, map, ["index"])).toEqual([
      ...["sh", "-ec", mapped, "/root-folder/src"],
    ])
  })

  test("is one in no other text", () => {
    const text = ["echo", "-c", "fix /src"]
    expect(mapCommand(text, map)).toEqual(text)
    expect(mapCommand(["bash", "/src"], map)).toEqual([
      ...["bash", "/root-folder/src"],
    ])
    expect(mapCommand([], map)).toEqual([])
  })

  test("of programs leads to where they stay", () => {
    expect(withPrograms("/opt/bin:/usr/local/bin:/bin", "/p")).toBe(
      "/opt/bin:/p:/usr/local/bin:/bin",
    )
  })
})

describe("layers without a kernel", () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const at = (...names: string[]) => join(folder, ...names)

  test("keep what was added, changed and removed, and nothing else", async () => {
    const base = at("layers/base/fs")
    mkdirSync(join(base, "gone/deep"), { recursive: true })
    mkdirSync(join(base, "dir"))
    for (const name of ["same", "changed", "gone/deep/x", "dir/removed"]) {
      writeFileSync(join(base, name), name)
    }
    const layers = at("layers")
    const first = at("first")
    await stack(layers, ["base"], first, false)
    const before = await look(first, ["mounted"])

    writeFileSync(join(first, "changed"), "other")
    writeFileSync(join(first, "dir/added"), "added")
    chmodSync(join(first, "dir/added"), 0o755)
    rmSync(join(first, "gone"), { recursive: true })
    rmSync(join(first, "dir/removed"))
    mkdirSync(join(first, "mounted"))
    writeFileSync(join(first, "mounted/x"), "x")
    const top = at("layers/top/fs")
    mkdirSync(top, { recursive: true })
    await takeChanges(first, before, top, ["mounted"])
    expect(existsSync(join(top, "same"))).toBe(false)
    expect(existsSync(join(top, "mounted"))).toBe(false)
    expect(readFileSync(join(base, "changed"), "utf8")).toBe("changed")

    const second = at("second")
    await stack(layers, ["top", "base"], second, true)
    expect([...(await look(second)).keys()]).toEqual([
      "changed",
      "dir",
      "dir/added",
      "same",
    ])
    expect(readFileSync(join(second, "changed"), "utf8")).toBe("other")
    expect(statSync(join(second, "dir/added")).mode & 0o777).toBe(0o755)
  })
})

describe("the isolation of a call", () => {
  test("is namespaces, unless something else is chosen", () => {
    expect(chooseIsolation(undefined, {}).notice).toBeUndefined()
    const environment = { PYPI_DEPLOY_ISOLATION: "folder" }
    const { notice } = chooseIsolation(undefined, environment)
    expect(notice).toMatch(/not isolated/)
    expect(chooseIsolation("namespaces", environment).notice).toBeUndefined()
    const none = { PYPI_DEPLOY_ISOLATION: "none" }
    expect(() => chooseIsolation(undefined, none)).toThrow(
      'PYPI_DEPLOY_ISOLATION is "none", but takes namespaces or folder.',
    )
  })
})

test("an interpreter finds its library beside the place that stays", () => {
  const store = mkdtempSync(join(tmpdir(), "programs-"))
  const root = join(store, "root")
  mkdirSync(join(root, "usr/local/bin"), { recursive: true })
  symlinkSync("python3.11", join(root, "usr/local/bin/python"))
  symlinkSync("/etc/passwd", join(root, "usr/local/bin/other"))
  mkdirSync(join(store, "py/lib"), { recursive: true })
  const bind = (source: string, target: string) => ({
    source: join(store, "py", source),
    target: join("/usr/local", target),
  })
  const request = {
    layers: join(store, "layers"),
    binds: [
      bind("python", "bin/python3.11"),
      bind("lib", "lib/python3.11"),
      bind("part", "lib/python3.11/part"),
    ],
  }
  const bin = programFolder(request, root)
  expect(programFolder(request, root)).toBe(bin)
  expect(readdirSync(bin).sort()).toEqual(["python", "python3.11"])
  expect(readlinkSync(join(bin, "../lib/python3.11"))).toBe(
    join(store, "py/lib"),
  )
  expect(readdirSync(join(store, "py/lib"))).toEqual([])
  rmSync(store, { recursive: true })
})

describe("links of a root", () => {
  const request = {
    layers: "/store/layers",
    binds: [{ source: "/usr", target: "/usr", except: ["/usr/local"] }],
    mounts: [],
  }

  test("lead into its folder, or to what is the machine's", () => {
    const leadsTo = linkMap(request, "/store/tmp/root")
    expect(leadsTo("/opt/x")).toBe("/store/tmp/root/opt/x")
    expect(leadsTo("/usr/bin/env")).toBe("/usr/bin/env")
    expect(leadsTo("/store/programs/1/python")).toBe("/store/programs/1/python")
  })

  test("say in a layer where they lead in the container", () => {
    const says = linkSays("/store/tmp/root")
    expect(says("/store/tmp/root/opt/x")).toBe("/opt/x")
    expect(says("/store/tmp/root")).toBe("/")
    expect(says("/usr/bin/env")).toBe("/usr/bin/env")
  })
})
