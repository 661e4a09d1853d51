import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parse, validate } from "graphql"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { forGuests } from "../../../engine/api/guests.js"
import { schema } from "../../../engine/schema.js"
import { type Session, startSession } from "../../../engine/session.js"

const folder = mkdtempSync(join(tmpdir(), "api-test-"))
let session: Session

beforeAll(async () => {
  mkdirSync(join(folder, "host"))
  writeFileSync(join(folder, "host/a.txt"), "a\n")
  writeFileSync(join(folder, "host/b.md"), "b\n")
  session = await startSession({
    ...{ store: join(folder, "store"), workdir: folder, uv: "uv" },
    ...{ isolation: "folder", environment: { TOKEN: "canary" } },
    warn: () => {},
  })
})

afterAll(async () => {
  await session.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the innermost of a chain of fields gives. */
async function ask(...chain: string[]): Promise<unknown> {
  const document = chain.reduceRight((inner, field) => `${field} { ${inner} }`)
  const { data, errors } = await session.query(`{ ${document} }`)
  if (errors?.[0] !== undefined) throw errors[0]
  return chain.reduce<unknown>(
    (value, field) =>
      (value as Record<string, unknown>)[field.replace(/\W.*$/s, "")],
    data,
  )
}

const say = JSON.stringify
const idOf = async (...chain: string[]) => say(await ask(...chain, "id"))
const file = (name: string, contents: string) =>
  `withNewFile(path: ${say(name)}, contents: ${say(contents)})`
const list = async (...chain: string[]) =>
  ask(...chain, 'glob(pattern: "**")') as Promise<string[]>
const mode = async (name: string, ...chain: string[]) => {
  const found = await ask(...chain, `stat(path: ${say(name)})`, "permissions")
  return (found as number).toString(8)
}

describe("an address", () => {
  const at = (value: string) => `address(value: ${say(value)})`

  test("is what was given", async () => {
    expect(await ask(at("./host"), "value")).toBe("./host")
  })

  test("of a folder of this machine is that folder, or some of it", async () => {
    const some = 'directory(include: ["*.md"])'
    expect(await list(at("host"), "directory")).toEqual(["a.txt", "b.md"])
    expect(await list(at(`file://${folder}/host`), some)).toEqual(["b.md"])
  })

  test("of a file of this machine is that file", async () => {
    expect(await ask(at("host/a.txt"), "file", "contents")).toBe("a\n")
  })

  test("of a secret is that secret", async () => {
    const value = await ask(at("env://TOKEN"), "secret", "plaintext")
    expect(value).toBe("canary")
  })

  test("of an image is a container of it, where the engine has it", async () => {
    await expect(
      ask(at("nowhere.example/x:1"), "container", "imageRef"),
    ).rejects.toThrow(/has no base image nowhere\.example\/x:1/)
  })

  test("of what listens is a service", async () => {
    const found = await ask(at("tcp://127.0.0.1:8080"), "service", "endpoint")
    expect(found).toBe("127.0.0.1:8080")
  })

  test.each(["tcp://127.0.0.1", "https://127.0.0.1:1", "index"])(
    "%s is none of a service",
    async (value) => {
      await expect(ask(at(value), "service", "endpoint")).rejects.toThrow(
        `${value} is no address of a service: write tcp://HOST:PORT.`,
      )
    },
  )
})

describe("a directory", () => {
  const tree = ["directory", file("a/x.py", "x"), file("a/y.md", "y")]

  test("is filtered", async () => {
    const found = await list(...tree, 'filter(exclude: ["*/*.md"])')
    expect(found).toEqual(["a/", "a/x.py"])
  })

  test("takes some of another, with modes of its own where they are told", async () => {
    const source = await idOf(...tree, 'directory(path: "a")')
    const into = (more: string) =>
      `withDirectory(path: "/b", source: ${source}${more})`
    expect(await list("directory", into(', include: ["*.py"]'))).toEqual([
      ...["b/", "b/x.py"],
    ])
    expect(await mode("b/x.py", "directory", into(""))).toBe("644")
    const told = into(", permissions: 448")
    expect(await mode("b/x.py", "directory", told)).toBe("700")
  })

  test("takes files under their names, into folders, with modes", async () => {
    const id = await idOf(...tree, 'file(path: "a/x.py")')
    const one = (name: string, more = "") =>
      `withFile(path: ${say(name)}, source: ${id}${more})`
    expect(await list("directory", one("z.py"))).toEqual(["z.py"])
    expect(await list("directory", one("c/"))).toEqual(["c/", "c/x.py"])
    const told = one("z.py", ", permissions: 448")
    expect(await mode("z.py", "directory", told)).toBe("700")
    const all = (more: string) =>
      `withFiles(path: "d", sources: [${id}]${more})`
    expect(await list("directory", all(""))).toEqual(["d/", "d/x.py"])
    const some = all(", permissions: 448")
    expect(await mode("d/x.py", "directory", some)).toBe("700")
  })

  test("has new files and folders, readable where no mode is told", async () => {
    const made = (permissions: string) => [
      `withNewFile(path: "f", contents: "", permissions: ${permissions})`,
      `withNewDirectory(path: "g", permissions: ${permissions})`,
    ]
    expect(await mode("f", "directory", ...made("null"))).toBe("644")
    expect(await mode("g", "directory", ...made("null"))).toBe("755")
    expect(await mode("f", "directory", ...made("384"))).toBe("600")
    expect(await mode("g", "directory", ...made("448"))).toBe("711")
  })

  test("has links and times", async () => {
    const link = 'withSymlink(target: "x.py", linkName: "a/z")'
    const linked = [...tree, link, 'file(path: "a/z")', "contents"]
    expect(await ask(...linked)).toBe("x")
    const old = [...tree, "withTimestamps(timestamp: 1000000000)"]
    await ask(...old, `export(path: "old")`)
    expect(statSync(join(folder, "old/a/x.py")).mtimeMs).toBe(1e12)
  })

  test("loses files and folders", async () => {
    const left = (field: string) => list(...tree, field)
    expect(await left('withoutFile(path: "a/x.py")')).toEqual(["a/", "a/y.md"])
    expect(await left('withoutFiles(paths: ["a/x.py", "a/y.md"])')).toEqual([
      "a/",
    ])
    expect(await left('withoutDirectory(path: "a")')).toEqual([])
  })

  test("takes the changes between two others", async () => {
    const from = await idOf("directory", file("a/x.py", "x"))
    const changes = await idOf(...tree, `changes(from: ${from})`)
    const base = ["directory", file("own", "")]
    expect(await list(...base, `withChanges(changes: ${changes})`)).toEqual([
      ...["a/", "a/y.md", "own"],
    ])
  })

  test("fails with the words it is given, if there are any", async () => {
    const failing = ["directory", 'withError(err: "No.")', "entries"]
    await expect(ask(...failing)).rejects.toThrow("No.")
    expect(await ask("directory", 'withError(err: "")', "entries")).toEqual([])
  })

  test.each([
    ["withDirectory", 'directory(path: "a")'],
    ["withFile", 'file(path: "a/x.py")'],
  ])("has files of root only, by %s", async (field, source) => {
    const id = await idOf(...tree, source)
    const owned = `${field}(path: "z", source: ${id}, owner: "me")`
    await expect(ask("directory", owned, "entries")).rejects.toThrow(
      /cannot be owned by me/,
    )
  })
})

describe("a container", () => {
  const mounts = (...chain: string[]) => ask("container", ...chain, "mounts")
  const at = (place: string) => `path: ${say(place)}`

  test("has what is mounted, each path once, until it is unmounted", async () => {
    const [directory, one, cache, secret] = await Promise.all([
      idOf("directory", file("x", "in x")),
      idOf('file(name: "x", contents: "one")'),
      idOf('cacheVolume(key: "k")'),
      idOf('setSecret(name: "s", plaintext: "canary")'),
    ])
    const chain = [
      `withMountedDirectory(${at("/d")}, source: ${directory})`,
      `withMountedFile(${at("/f")}, source: ${one})`,
      `withMountedCache(${at("/c")}, cache: ${cache})`,
      `withMountedTemp(${at("/t")})`,
      `withMountedTemp(${at("/t")}, size: 1024)`,
      `withMountedSecret(${at("/s")}, source: ${secret})`,
    ]
    expect(await mounts(...chain)).toEqual(["/d", "/f", "/c", "/t", "/s"])
    const inside = ["container", ...chain, 'file(path: "/d/x")', "contents"]
    expect(await ask(...inside)).toBe("in x")
    const mounted = ["container", ...chain, 'file(path: "/f")', "contents"]
    expect(await ask(...mounted)).toBe("one")
    const rest = await mounts(...chain, `withoutMount(${at("/c")})`)
    expect(rest).toEqual(["/d", "/f", "/t", "/s"])
  })

  test("is mounted at paths with its variables, where they are asked for", async () => {
    const chain = (expand: boolean) => [
      'withEnvVariable(name: "HOME", value: "/home")',
      `withMountedTemp(${at("$HOME/tmp")}, expand: ${expand})`,
    ]
    expect(await mounts(...chain(true))).toEqual(["/home/tmp"])
    expect(await mounts(...chain(false))).toEqual(["/$HOME/tmp"])
  })

  test.each([
    ["withMountedDirectory", "source", "directory"],
    ["withMountedFile", "source", 'file(name: "x", contents: "")'],
    ["withMountedCache", "cache", 'cacheVolume(key: "k")'],
    ["withMountedSecret", "source", 'setSecret(name: "s", plaintext: "")'],
  ])("has files of root only, by %s", async (field, argument, made) => {
    const id = await idOf(made)
    const owned = `${field}(${at("/x")}, ${argument}: ${id}, owner: "me")`
    await expect(mounts(owned)).rejects.toThrow(/cannot be owned by me/)
  })
})

describe("a module", () => {
  const refused = (document: string) =>
    validate(schema, parse(document), [forGuests]).map((it) => it.message)

  test.each([
    ['{ host { directory(path: "/") { id } } }', "host"],
    ['{ secret(uri: "env:TOKEN") { plaintext } }', "secret"],
    ['{ directory { export(path: "/") } }', "directory.export"],
    ['{ file(name: "a", contents: "") { export(path: "/") } }', "file.export"],
    ["{ container { asService { up } } }", "service.up"],
  ])("cannot call %s", (document, name) => {
    expect(refused(document)).toEqual([
      expect.stringContaining(`A module cannot call ${name}: it sees`),
    ])
  })

  test("can call what it makes of what it is passed", () => {
    expect(refused('{ container { file(path: "a") { contents } } }')).toEqual(
      [],
    )
  })
})
