import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { describe, expect, inject, test } from "vitest"

import { root } from "../../root.js"
import { isolation } from "../place.js"
import { start } from "../start.js"
import { python, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()

/** Names that the engine's own scripts have or had, and that no shell has. */
const NAMES = [
  ...["layers", "root", "outer", "inner", "stubs", "secrets", "workdir"],
  ...["stdin", "init", "search", "code", "setpriv", "name", "size", "mode"],
  ...["E0", "IFS", "PWD", "OLDPWD", "SHLVL", "_", "a.b", "x-y", "-i", "1"],
  ...["npm_config_//r/:_authToken", "$HOME", "with space", "ENV", "PS4"],
]
const VALUE = 'mine \\ \'"$HOME" $' + "{E0}\n# two "

describe("the environment of a command", () => {
  test("has every name and value as it was set", async () => {
    await withEngine({ store }, async () => {
      let container = python().withMountedSecret(
        "/run/secret",
        dag.setSecret("mounted", "hunter2"),
      )
      for (const name of NAMES) {
        container = container.withEnvVariable(name, `${VALUE}${name}`)
      }
      const named = dag.setSecret("named", "drowssap")
      const all = await container
        .withSecretVariable("api-key", named)
        .withSecretVariable("stub", named)
        .withExec(["cat", "/proc/self/environ"])
        .stdout()
      const seen = all.split("\0")
      for (const name of NAMES) {
        expect(seen).toContain(`${name}=${VALUE}${name}`)
      }
      expect(seen).toContain("api-key=***")
      expect(seen).toContain("stub=***")
      const image =
        /^(HOME|PATH|TMPDIR|UV_\w+|LANG|PYTHON\w+|\w+_PROXY|\w+_proxy|\w+_CA_\w+|\w+_CERT\w*|GIT_SSL_CAINFO)=/
      const others = seen.filter(
        (one) =>
          !NAMES.some((name) => one.startsWith(`${name}=`)) &&
          !/^(api-key|stub)=|^$/.test(one) &&
          !image.test(one),
      )
      expect(others).toEqual([])
    })
  })

  test("is that of no program on this machine", async () => {
    await withEngine({ store }, async () => {
      const preloaded = python().withEnvVariable("LD_PRELOAD", "/no/such.so")
      const said = await preloaded.withExec(["true"]).stderr()
      expect(said.match(/cannot be preloaded/g)).toHaveLength(1)
    })
  })

  test("leaves its command alone, whatever that is called", async () => {
    await withEngine({ store }, async () => {
      const print = '#!/bin/sh\necho "$0 $*"\n'
      const container = python()
        .withNewFile("/opt/a=b", print, { permissions: 0o755 })
        .withEnvVariable("PATH", "/opt:$PATH", { expand: true })
      const run = (...words: string[]) => container.withExec(words).stdout()
      expect(await run("/opt/a=b", "c=d", "-i")).toMatch(/\/opt\/a=b c=d -i\n$/)
      expect(await run("a=b", "--", "")).toMatch(/\/opt\/a=b -- \n$/)
    })
  })
})

/** A pseudoterminal, and in it a call that an open file was left to. */
const IN_TERMINAL = `
import os, pty, sys
os.dup2(os.open(sys.argv[1], os.O_RDONLY), 40)
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:])))
`

test.each(["container", "module"])(
  "a %s has neither the caller's open files nor terminal",
  async (which) => {
    const file = join(temporaryFolder(), "open")
    writeFileSync(file, "canary-of-a-file")
    const looker = join(root, "test/fixtures/modules/looker")
    const { exitCode, stdout } = await start(
      "python3",
      [
        ...["-c", IN_TERMINAL, file],
        ...[join(root, "call"), "--silent", "-m", looker, which],
      ],
      { cwd: root, env: { ...process.env, XDG_CACHE_HOME: inject("cache") } },
    ).ended
    expect(exitCode, stdout).toBe(0)
    expect(stdout).not.toContain("canary")
    expect(stdout).toMatch(/^no terminal\r\nof 0\r$/m)
  },
)

describe.runIf(isolation === "namespaces")("a link of a container", () => {
  test("is no way for its mounts to make files on this machine", async () => {
    const victim = temporaryFolder()
    await withEngine({ store }, async () => {
      for (const way of ["/mnt", "/mnt/old", "/proc/1/cwd/../../../../.."]) {
        const linked = python().withSymlink(`${way}${victim}`, "/a")
        const mounted = linked
          .withMountedFile("/a/b/file", dag.file("file", "text"))
          .withMountedTemp("/a/c/folder")
        await mounted.withExec(["true"]).sync().catch(String)
      }
    })
    expect(readdirSync(victim)).toEqual([])
  })

  test("is refused where a folder of its own lies in the machine's", async () => {
    await withEngine({ store }, async () => {
      const linked = python()
        .withoutDirectory("/usr/local")
        .withSymlink("/root", "/usr/local")
      await expect(linked.withExec(["true"]).sync()).rejects.toThrow(
        /^\/usr\/local is a symbolic link in this container/,
      )
    })
  })
})

test("a command cannot have folders of this machine removed", async () => {
  const victim = temporaryFolder()
  mkdirSync(join(victim, "x"))
  mkdirSync(join(victim, "y/z"), { recursive: true })
  const script = `import os, sys
a = sys.argv[1]
os.rename(a, a + "2")
os.symlink("${victim}", a)`
  await withEngine({ store }, async () => {
    await python()
      .withMountedTemp("/a/x")
      .withMountedTemp("/a/y/z")
      .withExec(["python", "-c", script, "/a"])
      .sync()
  })
  expect(existsSync(join(victim, "x"))).toBe(true)
  expect(existsSync(join(victim, "y/z"))).toBe(true)
})
