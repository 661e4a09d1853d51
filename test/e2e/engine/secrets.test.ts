import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"

import { python, shell, temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()
const folder = temporaryFolder()
const CANARY = "canary-5f1e7c0d"

describe("a secret", () => {
  test("reaches a command as a variable and as a file", async () => {
    await withEngine({ store }, async () => {
      const secret = dag.setSecret("token", CANARY)
      const container = python()
        .withSecretVariable("TOKEN", secret)
        .withMountedSecret("/run/secrets/token", secret)
      const seen = await shell(
        "printf %s $TOKEN | rev; rev /run/secrets/token; stat -Lc ' %a' /run/secrets/token",
        container,
      ).stdout()
      const reversed = [...CANARY].reverse().join("")
      expect(seen).toBe(`${reversed}${reversed} 400\n`)
    })
  })

  test("comes from the environment, a file or a command", async () => {
    writeFileSync(join(folder, "token"), "of a file\n")
    const environment = { ...process.env, TOKEN: "of the environment" }
    await withEngine({ store, environment, workdir: folder }, async () => {
      const read = (uri: string) => dag.secret(uri).plaintext()
      expect(await read("env://TOKEN")).toBe("of the environment")
      expect(await read("env:TOKEN")).toBe("of the environment")
      expect(await read("file://token")).toBe("of a file\n")
      expect(await read(`file:${folder}/token`)).toBe("of a file\n")
      expect(await read("cmd://echo of a command")).toBe("of a command\n")
      await expect(read("env://NOT_THERE")).rejects.toThrow(
        /NOT_THERE.*not set/,
      )
      await expect(read("file://gone")).rejects.toThrow(/gone.*cannot be read/)
      await expect(read("cmd://exit 3")).rejects.toThrow(/failed \(3\)/)
      await expect(read("vault://x")).rejects.toThrow(/env:\/\/.*file:\/\//)
    })
  })

  test("is found nowhere: output, errors, events, arguments, the store", async () => {
    let arguments_ = ""
    const events = await withEngine({ store }, async ({ session }) => {
      const secret = dag.setSecret("token", CANARY)
      const container = python()
        .withSecretVariable("TOKEN", secret)
        .withMountedSecret("/token", secret)
      const done = shell(
        "echo a $TOKEN b; cat /token >&2; sleep 0.3",
        container,
      )
      const running = done.combinedOutput()
      while (arguments_ === "") {
        const list = spawnSync("ps", ["axww", "-o", "args"]).stdout.toString()
        arguments_ = /^sleep 0.3$/m.test(list) ? list : ""
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      const output = await running
      expect(output).toContain("a *** b")
      expect(output).not.toContain(CANARY)
      const error = await shell("cat /token; exit 1", container)
        .sync()
        .catch((reason) => reason)
      expect(error.stdout).toBe("***")
      const { data } = await session.query(
        `{ secret(uri: "env://HOME") { id } setSecret(name: "n", plaintext: "${CANARY}") { id } }`,
      )
      expect(JSON.stringify(data)).not.toContain(CANARY)
    })
    expect(arguments_).not.toContain(CANARY)
    expect(JSON.stringify(events)).not.toContain(CANARY)
    const found = spawnSync("grep", ["-r", "-l", CANARY, store])
    expect(found.stdout.toString()).toBe("")
    expect(found.status).toBe(1)
  })

  test("changes what a command is cached by; its name does not", async () => {
    const call = (name: string, value: string) =>
      withEngine({ store }, async () => {
        const secret = dag.setSecret(name, value)
        await shell(
          "printf %s $S | md5sum",
          python().withSecretVariable("S", secret),
        ).sync()
      })
    const states = async (name: string, value: string) =>
      (await call(name, value)).map(({ state }) => state)
    expect(await states("a", "one")).toContain("started")
    expect(await states("b", "one")).toEqual(["cached"])
    expect(await states("b", "two")).toContain("started")
  })

  test("cannot be expanded into another value", async () => {
    await withEngine({ store }, async () => {
      const container = python().withSecretVariable(
        "TOKEN",
        dag.setSecret("token", CANARY),
      )
      await expect(
        container.withEnvVariable("X", "$TOKEN", { expand: true }).sync(),
      ).rejects.toThrow(/secret variable TOKEN/)
      expect(await container.envVariable("TOKEN")).toBe(null)
    })
  })
})
