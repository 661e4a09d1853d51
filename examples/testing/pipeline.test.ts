import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { connection, dag } from "@dagger.io/dagger"
import { type Session, session } from "pypi-deploy/engine"
import { afterAll, beforeAll, expect, test } from "vitest"
import { pack } from "./pipeline.js"

// The commands run: no mock, no Docker, no daemon.
let engine: Session
const store = mkdtempSync(path.join(tmpdir(), "engine-"))
beforeAll(async () => {
  engine = await session({ store })
})
afterAll(async () => {
  await engine.close()
  rmSync(store, { recursive: true, force: true })
})

const folder = (code: string) => dag.directory().withNewFile("index.js", code)

test("packs what can be read", async () => {
  await connection(async () => {
    expect(await pack(folder("let a = 1\n")).entries()).toEqual(["code.tar"])
  })
})

test("does nothing twice", async () => {
  const before = engine.steps.length
  await connection(async () => {
    await pack(folder("let b = 1\n")).sync()
    await pack(folder("let b = 1\n")).sync()
  })
  const commands = engine.steps.slice(before).map(({ command }) => command)
  expect(commands).toHaveLength(2)
  expect(commands[0]).toBe("node --check index.js")
})

test("refuses what cannot be read, and says why", async () => {
  await connection(async () => {
    await expect(pack(folder("const = 1\n")).sync()).rejects.toThrow(/node/)
  })
  expect(engine.steps.at(-1)).toMatchObject({ state: "failed" })
  expect(engine.steps.at(-1)?.output.join("\n")).toMatch(/SyntaxError/)
})
