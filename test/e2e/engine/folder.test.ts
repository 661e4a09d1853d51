import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { dag, ReturnType } from "@dagger.io/dagger"
import { describe, expect, inject, test } from "vitest"

import { project } from "../../fixtures/project.js"
import { root } from "../../root.js"
import { type Outcome, start } from "../start.js"
import { python, shell, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()

test("a folder for a root keeps links, and secrets as they are", async () => {
  const options = { store, isolation: "folder" as const, warn: () => {} }
  await withEngine(options, async () => {
    const made = python()
      .withSymlink("/opt/real", "/opt/other")
      .withExec([
        ...["python", "-c"],
        "import pathlib, sys; a, b = map(pathlib.Path, sys.argv[1:])\n" +
          "a.mkdir(); (a / 'file').write_text('x'); b.symlink_to(a / 'file')",
        ...["/opt/real", "/opt/link"],
      ])
    expect(await made.file("/opt/link").contents()).toBe("x")
    expect(await made.file("/opt/other/file").contents()).toBe("x")
    const read = ["cat", "/opt/link", "/opt/other/file"]
    const below = made
      .withMountedTemp("/opt/other/temporary")
      .withExec(["ls", "/opt/real", "/opt/other/temporary"])
    expect(await made.withExec(read).stdout()).toBe("xx")
    expect(await below.stdout()).toBe(
      "/opt/other/temporary:\n\n/opt/real:\nfile\ntemporary\n",
    )
    expect(await below.directory("/opt/real").entries()).toEqual(["file"])

    const secret = dag.setSecret("rooted", "/opt/canary")
    const told = python()
      .withSecretVariable("TOKEN", secret)
      .withExec(["python", "-c", "import os; print(os.environ['TOKEN'][::-1])"])
    expect(await told.stdout()).toBe("yranac/tpo/\n")
  })
})

test("a folder for a root has no limits for temporary folders", async () => {
  const options = { store, isolation: "folder" as const, warn: () => {} }
  await withEngine(options, async () => {
    const limited = python().withMountedTemp("/t", { size: 1000 })
    await expect(limited.withExec(["true"]).sync()).rejects.toThrow(
      /^The temporary folder at \/t cannot be limited to 1000 bytes/,
    )
  })
})

test("a folder for a root says what cannot be started", async () => {
  const said: string[] = []
  const warn = (line: string) => said.push(line)
  const options = { store, isolation: "folder" as const, warn }
  await withEngine(options, async () => {
    const starts = async (contents: string, permissions: number) => {
      const made = python()
        .withNewFile("/x", contents, { permissions })
        .withExec(["/x"], { expect: ReturnType.Any })
      return [await made.exitCode(), await made.stderr()]
    }
    expect(await starts("echo hi", 0o755)).toEqual([
      ...[1, "fork/exec /x: exec format error\n"],
    ])
    expect(await starts("#!/bin/sh\n", 0o644)).toEqual([
      ...[126, 'exec: "/x": permission denied\n'],
    ])
    const gone = shell(
      "rm -r /p",
      python().withMountedDirectory("/p/m", dag.directory()),
    )
    expect(await gone.directory("/p/m").entries()).toEqual([])
    const missing = python().withExec(["cat"], { redirectStdin: "/nope" })
    await expect(missing.sync()).rejects.toThrow(/there is no \/nope to read/)
  })
  expect(said).toEqual([expect.stringContaining("as no other user")])
})

test("a folder for a root runs commands, and keeps what they write", async () => {
  const warnings: string[] = []
  const options = {
    store,
    isolation: "folder" as const,
    environment: { PATH: process.env.PATH, LEAK: "canary" },
    warn: (line: string) => warnings.push(line),
  }
  await withEngine(options, async () => {
    const source = dag
      .directory()
      .withNewFile("a", "one")
      .withNewFile("gone", "x")
    const secret = dag.setSecret("token", "hunter2")
    const after = shell(
      'cd "$DIR" && echo two > a && rm gone && echo "$TOKEN:$LEAK:$HOME"',
      python()
        .withMountedDirectory("/src", source)
        .withWorkdir("/src")
        .withEnvVariable("DIR", "/src")
        .withSecretVariable("TOKEN", secret),
    )
    expect(await after.stdout()).toBe("***::/root\n")
    expect(await after.directory("/src").entries()).toEqual(["a"])
    expect(await after.file("/src/a").contents()).toBe("two\n")
    expect(await source.entries()).toEqual(["a", "gone"])

    const failed = shell("exit 3").stdout()
    await expect(failed).rejects.toMatchObject({ exitCode: 3 })
    const missing = python().withExec(["no-such-program"], {
      expect: ReturnType.Failure,
    })
    expect(await missing.stderr()).toMatch(/executable file not found/)

    const mounted = python()
      .withMountedSecret("/run/token", secret)
      .withExec(["cat", "/run/token"])
    expect(await mounted.stdout()).toBe("***")
    expect(await mounted.rootfs().exists("/run/token")).toBe(false)

    const server = python()
      .withExposedPort(38917)
      .asService({ args: ["python", "-m", "http.server", "38917"] })
    const client = python()
      .withServiceBinding("web", server)
      .withExec([
        ...["python", "-c"],
        "import sys,urllib.request as u; print(u.urlopen(sys.argv[1]).status)",
        "http://web:38917/",
      ])
    expect(await client.stdout()).toBe("200\n")
    const address = dag.setSecret("address", "http://web:38917/?key=hunter3")
    const told = python()
      .withServiceBinding("web", server)
      .withSecretVariable("ADDRESS", address)
      .withExec([
        ...["python", "-c"],
        "import os,urllib.request as u; a=os.environ['ADDRESS']; print(u.urlopen(a).status, a)",
      ])
    expect(await told.stdout()).toBe("200 ***\n")
    const read = python()
      .withServiceBinding("web", server)
      .withExec(["cat"], { stdin: '{"api":"http://web:38917/"}' })
    expect(await read.stdout()).toBe('{"api":"http://127.0.0.1:38917/"}')
  })
  expect(warnings).toEqual([expect.stringMatching(/--isolation=folder/)])
  expect(existsSync(store) ? readdirSync(store) : []).toEqual([])
  expect(readdirSync(`${store}-folder`)).toContain("layers")
  expect(readdirSync(join(`${store}-folder`, "tmp"))).toEqual([])
})

/** The call as people have it, who chose no isolation. */
const unchosen = () => ({
  ...process.env,
  XDG_CACHE_HOME: inject("cache"),
  PYPI_DEPLOY_ISOLATION: "",
})

// A user namespace of its own in which nobody may make another.
const WITHOUT = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"'

function callWithoutNamespaces(...args: string[]): Promise<Outcome> {
  const alone = ["--user", "--map-root-user", "sh", "-c", WITHOUT, "sh"]
  return start("unshare", [...alone, join(root, "call"), ...args], {
    cwd: root,
    env: unchosen(),
  }).ended
}

const hasNamespaces =
  spawnSync("unshare", ["--user", "--map-root-user", "true"]).status === 0

describe.runIf(hasNamespaces)("where nobody may make namespaces", () => {
  test("a call is refused, and told of folder isolation", async () => {
    const { path } = await project("greeter")
    const refused = await callWithoutNamespaces("version", `--source=${path}`)
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" })
    expect(refused.stderr).toMatch(/cannot be isolated.*--isolation=folder/)
  })

  test("folder isolation builds the same bytes, and says that it is weaker", async () => {
    const { path } = await project("greeter", { commits: 2 })
    const out = temporaryFolder()
    const args = (to: string) => [
      ...["build", `--source=${path}`],
      ...["export", `--path=${join(out, to)}`],
    ]
    const usual = await start(join(root, "call"), args("usual"), {
      env: unchosen(),
    }).ended
    expect(usual.stderr).not.toContain("--isolation=folder")
    const here = await callWithoutNamespaces(
      ...["--isolation=folder", ...args("here")],
    )
    expect(here).toMatchObject({ exitCode: 0 })
    expect(
      here.stderr.match(
        /^call: commands are not isolated.*--isolation=folder.*$/gm,
      ),
    ).toHaveLength(1)
    const names = readdirSync(join(out, "usual"))
    expect(names).toHaveLength(3)
    for (const name of names) {
      expect(existsSync(join(out, "here", name))).toBe(true)
      expect(readFileSync(join(out, "here", name))).toEqual(
        readFileSync(join(out, "usual", name)),
      )
    }
  })
})
