import { dag } from "@dagger.io/dagger"
import { expect, test } from "vitest"

import { promised } from "../promises.js"
import { temporaryFolder, withEngine } from "./engine.js"

const store = temporaryFolder()

const said = (image: string, ...command: string[]) =>
  dag.container().from(image).withExec(command).stdout()

const major = process.versions.node.split(".")[0] ?? ""

promised("paths")("a program lies where its image has it", async () => {
  await withEngine({ store }, async () => {
    const program = "process.stdout.write(process.execPath)"
    expect(await said(`node:${major}`, "node", "-e", program)).toBe(
      "/usr/local/bin/node",
    )
  })
})

test("images have what their names promise", async () => {
  await withEngine({ store }, async () => {
    const node = `node:${major}-bookworm-slim`
    expect(await said(node, "npm", "--version")).toMatch(/^\d+\./)
    expect(await said("python:3.11-slim", "python", "--version")).toMatch(
      /^Python 3\.11\./,
    )
    await expect(
      said("python:3.11-slim", "uv", "--version"),
    ).rejects.toMatchObject({ exitCode: 1 })
    const node20 = dag.container().from(node)
    expect(await node20.defaultArgs()).toEqual(["node"])
    await expect(said("node:4", "node")).rejects.toThrow(/needs Node 4,/)
  })
})
