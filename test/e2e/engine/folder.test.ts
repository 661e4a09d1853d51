import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { dag, ReturnType } from "@dagger.io/dagger"
import { expect, test } from "vitest"

import { python, shell, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()

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
  })
  expect(warnings).toEqual([expect.stringMatching(/--isolation=folder/)])
  expect(existsSync(store) ? readdirSync(store) : []).toEqual([])
  expect(readdirSync(`${store}-folder`)).toContain("layers")
  expect(readdirSync(join(`${store}-folder`, "tmp"))).toEqual([])
})
