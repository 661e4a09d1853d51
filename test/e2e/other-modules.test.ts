import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, inject, test, vi } from "vitest"

import { project } from "../fixtures/project.js"
import { root } from "../root.js"
import { freePort } from "../servers/server.js"
import { engine } from "./call.js"
import { MANY_CALLS } from "./patience.js"
import { promised } from "./promises.js"
import { type Outcome, type Running, start, startCall } from "./start.js"

/** A call of another module, on the chosen engine: a process of its own. */
function callModule(module: string, args: string[]): Running {
  const folder = join(root, "test/fixtures/modules", module)
  const words = ["--silent", "-m", folder, ...args]
  return engine === "dagger"
    ? start("dagger", ["call", ...words], { cwd: root })
    : startCall(words, { cache: inject("cache") })
}

async function printed(module: string, args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await callModule(module, args).ended
  expect(exitCode, stderr).toBe(0)
  return stdout
}

const built = `export const shout = (text) => \`\${text.toUpperCase()}!\``

describe("a Node project's module", () => {
  const node = (...args: string[]) => printed("node-project", args)

  test("lints", async () => {
    expect(await node("lint")).toBe("")
  })

  test("builds, as an enum and an optional text have it", async () => {
    const file = ["file", "--path=words.js", "contents"]
    expect(await node("build", ...file)).toMatch(built)
    const labelled = ["build", "--mode=labelled", "--label=signed"]
    expect(await node(...labelled, ...file)).toMatch(/^\/\/ signed\n/)
    expect(await node("build", "--mode=LABELLED", ...file)).toMatch(
      /^\/\/ words\n/,
    )
  })

  test("gives objects of its own, whose functions are called", async () => {
    expect(await node("scripts", "command")).toMatch(/^node build\.js$/m)
    expect(await node("scripts", "--names=build", "command")).toBe(
      "node build.js\n",
    )
    expect(await node("script", "--name=lint", "program")).toMatch(/^node\n?$/)
    expect(await node("source", "entries")).toMatch(/^package\.json$/m)
  })

  test("is made with what its constructor takes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "project-"))
    writeFileSync(join(folder, "package.json"), '{"scripts":{"x":"true"}}')
    expect(
      await node(`--source=${folder}`, "script", "--name=x", "command"),
    ).toMatch(/^true\n?$/)
  })

  test("changes files when told where, and not before", async () => {
    const bump = ["bump", "--version=2.0.0"]
    expect(await node(...bump, "as-patch", "contents")).toMatch(
      /^\+ {2}"version": "2\.0\.0",$/m,
    )
    const folder = mkdtempSync(join(tmpdir(), "changed-"))
    const from = join(root, "test/fixtures/modules/node-project/project")
    const text = readFileSync(join(from, "package.json"), "utf8")
    writeFileSync(join(folder, "package.json"), text)
    await node(...bump, "export", `--path=${folder}`)
    expect(readFileSync(join(folder, "VERSION"), "utf8")).toBe("2.0.0\n")
    expect(readFileSync(join(folder, "package.json"), "utf8")).toMatch(
      /2\.0\.0/,
    )
  })

  test("fails with its own sentence", async () => {
    const outcome = await callModule("node-project", ["script", "--name=nope"])
      .ended
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toMatch(/package\.json has no script nope\./)
  })

  test("fails with the command where one failed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "broken-"))
    const scripts = { lint: "node --check broken.js" }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts }))
    writeFileSync(join(folder, "broken.js"), "const = 1\n")
    const words = [`--source=${folder}`, "lint"]
    const { exitCode, stderr } = await callModule("node-project", words).ended
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(/SyntaxError/)
  })
})

test("a service's module has a client that reaches it", async () => {
  const words = ["open", "sign", "--names=Ada,Bo"]
  expect(await printed("guestbook", words)).toMatch(/^Ada, Bo\n?$/)
})

test(
  "a service is up on this machine until Ctrl-C",
  async () => {
    const port = await freePort()
    const words = ["server", "up", `--ports=${port}:8080`]
    const call = callModule("guestbook", words)
    const signed = async () =>
      (await fetch(`http://127.0.0.1:${port}/Ada`)).text()
    const up = vi.waitFor(async () => expect(await signed()).toMatch(/^Ada/), {
      timeout: MANY_CALLS,
    })
    const early = call.ended.then(({ stderr }) => expect(stderr).toBe("up"))
    await Promise.race([up, early])
    call.signal("SIGINT")
    expect((await call.ended).exitCode).not.toBe(0)
    await expect(signed()).rejects.toThrow()
  },
  MANY_CALLS,
)

test("a module imports what its package.json asks for", async () => {
  const object = `--object=${JSON.stringify({ "foo-bar": 1, some_name: 2 })}`
  const names = await printed("packages", ["names", object])
  expect(names.trimEnd().split("\n")).toEqual(["fooBar", "someName"])
})

describe("a module that reads a git repository", () => {
  const archive = (path: string, name: string, ...args: string[]) =>
    printed("archive", [name, `--source=${path}`, ...args])

  async function repository() {
    const made = await project("greeter", { tag: "v1.0.0", commits: 1 })
    made.git("branch", "topic", "v1.0.0")
    made.git("tag", "--annotate", "--message=two", "v1.1.0")
    const commitOf = (name: string) =>
      made.git("rev-parse", `${name}^{commit}`).trim()
    return {
      ...{ path: made.path, git: made.git },
      first: commitOf("v1.0.0"),
      last: commitOf("HEAD"),
    }
  }

  test("finds its refs", async () => {
    const { path, first, last } = await repository()
    const text = await archive(path, "refs")
    expect(text.trimEnd().split("\n")).toEqual([
      `head: refs/heads/main ${last}`,
      `branch: refs/heads/topic ${first}`,
      `tag: refs/tags/v1.0.0 ${first}`,
      `annotated: refs/tags/v1.1.0 ${last}`,
      `latest: refs/tags/v1.1.0 ${last}`,
      `ref of a branch: refs/heads/topic ${first}`,
      `ref of a tag: refs/tags/v1.0.0 ${first}`,
      `full ref: refs/tags/v1.1.0 ${last}`,
      `ref of a commit: ${last} ${last}`,
      `commit: ${last} ${last}`,
      `common ancestor: ${first} ${first}`,
      "branches: main,topic",
      "some branches: topic",
      // As the Dagger engine has it.
      "tags: v1.0.0,v1.0.0,v1.1.0,v1.1.0",
      "some tags: v1.0.0,v1.0.0",
      "url: null",
    ])
  })

  test("has the files of each, and a repository with them", async () => {
    const { path, first, last } = await repository()
    const names = await archive(path, "files", "--ref=topic", "entries")
    expect(names).toMatch(/^pyproject\.toml$/m)
    expect(names).not.toMatch(/^\.git\/$/m)
    const within = async (ref: string, depth: number) =>
      (await archive(path, "within", `--ref=${ref}`, `--depth=${depth}`)).trim()
    expect(await within("main", 1)).toBe(`refs/heads/main ${last} main v1.1.0`)
    expect(await within("main", 0)).toBe(
      `refs/heads/main ${last} main v1.0.0,v1.1.0`,
    )
    expect(await within(first, 1)).toBe(`HEAD ${first}  v1.0.0`)
  })

  test("finds what is not committed", async () => {
    const { path, git } = await repository()
    const clean = "added: \nmodified: \nremoved:"
    expect((await archive(path, "uncommitted")).trim()).toBe(clean)
    appendFileSync(join(path, "pyproject.toml"), "# edited\n")
    writeFileSync(join(path, "staged.txt"), "")
    git("add", "staged.txt")
    mkdirSync(join(path, "new"))
    writeFileSync(join(path, "new/file.txt"), "")
    writeFileSync(join(path, ".git/info/exclude"), "ignored.txt\n")
    writeFileSync(join(path, "ignored.txt"), "")
    rmSync(join(path, "README.md"))
    const lines = (await archive(path, "uncommitted")).trim().split("\n")
    expect(lines).toEqual([
      "added: new/,new/file.txt,staged.txt",
      "modified: pyproject.toml",
      "removed: README.md",
    ])
  })

  test("is told of a ref that it lacks", async () => {
    const { path } = await repository()
    const args = ["commit", `--source=${path}`, "--ref=nope"]
    const { exitCode, stderr } = await callModule("archive", args).ended
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/repository does not contain ref "nope"/)
  })
})

// What `dagger call` says of the same is its own affair.
describe.runIf(engine === "embedded")("./call -m", () => {
  const made = mkdtempSync(join(tmpdir(), "modules-"))

  /** A module of one file. */
  function moduleOf(name: string, code: string, more: object = {}): string {
    const folder = join(made, name)
    mkdirSync(join(folder, "src"), { recursive: true })
    const json = { name, sdk: { source: "typescript" }, ...more }
    writeFileSync(join(folder, "dagger.json"), JSON.stringify(json))
    writeFileSync(join(folder, "src/index.ts"), code)
    return folder
  }

  function run(folder: string, ...args: string[]): Promise<Outcome> {
    return startCall(["-m", folder, ...args], {
      cache: inject("cache"),
      environment: { CANARY: "seen", CI: "true" },
    }).ended
  }

  const START =
    'import { dag, func, object, type Secret } from "@dagger.io/dagger"'

  promised("home")(
    "keeps the caller's environment, home and files from a module",
    async () => {
      const secret = join(made, "secret.txt")
      writeFileSync(secret, "seen")
      const folder = moduleOf(
        "spy",
        `import { existsSync, readdirSync } from "node:fs"
      ${START}
      @object()
      export class Spy {
        @func()
        look(): string[] {
          return [
            String(process.env.CANARY),
            String(existsSync(${JSON.stringify(secret)})),
            String(existsSync(${JSON.stringify(root)})),
            readdirSync(process.env.HOME ?? "/").join(),
            readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length < 10 ? "alone" : "not alone",
          ]
        }
        @func()
        async home(): Promise<string[]> {
          return dag.host().directory("/").entries()
        }
        @func()
        async steal(): Promise<string> {
          return dag.secret("env://CANARY").plaintext()
        }
        @func()
        async write(): Promise<string> {
          return dag.directory().withNewFile("x", "y").export(${JSON.stringify(made)})
        }
        @func()
        async open(secret: Secret): Promise<number> {
          return (await secret.plaintext()).length
        }
      }`,
      )
      const { stdout } = await run(folder, "look")
      expect(stdout).toBe("undefined\nfalse\nfalse\n\nalone\n")
      for (const [name, what] of [
        ["home", "host"],
        ["steal", "secret"],
        ["write", "directory.export"],
      ] as const) {
        const { exitCode, stderr } = await run(folder, name)
        expect(stderr).toContain(`A module cannot call ${what}: it sees`)
        expect(exitCode).toBe(1)
      }
      expect(await run(folder, "open", "--secret=env:CANARY")).toMatchObject({
        stdout: "4\n",
      })
    },
  )

  test("keeps files outside a module from its bundle", async () => {
    const file = join(made, "keys.json")
    writeFileSync(file, '{"key":"hidden"}')
    const folder = moduleOf(
      "thief",
      `${START}
      import keys from "../../keys.json"
      @object()
      export class Thief {
        @func() tell(): string { return keys.key }
      }`,
    )
    const { exitCode, stdout, stderr } = await run(folder, "tell")
    expect(stderr).toMatch(/keys\.json lies outside the module/)
    expect(exitCode).toBe(1)
    expect(stdout).toBe("")
  })

  /** The module of the fixtures that needs packages, with files of its own. */
  function packagesWith(name: string, files: Record<string, string>): string {
    const folder = join(made, name)
    cpSync(join(root, "test/fixtures/modules/packages"), folder, {
      recursive: true,
    })
    for (const [file, text] of Object.entries(files))
      writeFileSync(join(folder, file), text)
    return folder
  }

  test.each<[string, Record<string, string>, RegExp]>([
    [
      "other bytes than its lock has",
      {
        "package-lock.json": readFileSync(
          join(root, "test/fixtures/modules/packages/package-lock.json"),
          "utf8",
        ).replace(/sha512-\w{8}/g, "sha512-AAAAAAAA"),
      },
      /cannot be installed: EINTEGRITY/,
    ],
    [
      "a folder of this machine",
      { "package.json": '{"dependencies":{"keys":"file:../keys"}}' },
      /asks for keys@file:\.\.\/keys: .* packages of a registry only/,
    ],
  ])("refuses %s among a module's packages", async (what, files, message) => {
    const { exitCode, stderr } = await run(
      ...([packagesWith(what, files), "names", "--object={}"] as const),
    )
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(1)
  })

  test("installs packages without a lock, once, and says so", async () => {
    const folder = packagesWith("unlocked", {})
    rmSync(join(folder, "package-lock.json"))
    // No other run has installed these.
    const packages = { "camelcase-keys": "9.1.3" }
    const json = { dependencies: packages, run: process.hrtime().join() }
    writeFileSync(join(folder, "package.json"), JSON.stringify(json))
    const first = await run(folder, "names", '--object={"a-b":1}')
    expect(first.stdout).toBe("aB\n")
    expect(first.stderr).toMatch(
      /installing camelcase-keys for packages \(npm install, without a lock\)/,
    )
    const again = await run(folder, "names", '--object={"a-b":1}')
    expect(again.stdout).toBe("aB\n")
    expect(again.stderr).not.toMatch(/installing/)
  })

  test.each<[string, string, object, RegExp]>([
    [
      "a type that Dagger does not have, by file and line",
      `${START}
      @object()
      export class Odd {
        seen: Map<string, number> = new Map()
        @func() tell(): string { return "" }
      }`,
      {},
      /functions of odd cannot be read: .*src\/index\.ts:\d/s,
    ],
    [
      "a package that nobody asked for, by file and line",
      `${START}
      import pad from "left-pad"
      @object()
      export class Odd { @func() tell(): string { return pad("") } }`,
      {},
      /src\/index\.ts:2: Could not resolve "left-pad"\. Name it among the dependencies in .*odd\/package\.json/,
    ],
    [
      "dependencies on other modules",
      START,
      { dependencies: [{ name: "other" }] },
      /depends on other: .* stand alone/,
    ],
    ["a module without its class", START, {}, /exports no class Odd/],
  ])("refuses %s", async (_, code, more, message) => {
    const { exitCode, stderr } = await run(moduleOf("odd", code, more), "tell")
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(1)
  })
})
