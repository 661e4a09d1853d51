import { execFile } from "node:child_process"
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { beforeAll, describe, expect, test } from "vitest"

import { root } from "../root.js"
import { engine } from "./call.js"

const run = promisify(execFile)

// The package as `npm install` leaves it in another project.
describe.runIf(engine === "embedded")("the engine as a package", () => {
  const consumer = mkdtempSync(join(tmpdir(), "consumer-"))
  const modules = join(consumer, "node_modules")

  beforeAll(async () => {
    mkdirSync(modules)
    const pack = ["pack", "--ignore-scripts", `--pack-destination=${consumer}`]
    await run("npm", pack, { cwd: root })
    const archive = join(consumer, "pypi-deploy-0.1.0.tgz")
    await run("tar", ["-xf", archive, "-C", modules])
    renameSync(join(modules, "package"), join(modules, "pypi-deploy"))
    // uv is installed once for all; the SDK is the consumer's own.
    symlinkSync(join(root, ".call"), join(modules, "pypi-deploy/.call"))
    for (const name of ["@dagger.io", "@types", "undici-types"])
      symlinkSync(join(root, "node_modules", name), join(modules, name))
    writeFileSync(
      join(consumer, "use.mts"),
      `import { type Session, session } from "pypi-deploy/engine"
import { connection, dag } from "@dagger.io/dagger"
const engine: Session = await session({ store: process.argv[2] ?? "" })
const second = await session().catch((error: Error) => error.message)
console.log(second)
await connection(async () => {
  const file = dag.directory().withNewFile("a.txt", "it runs")
  console.log(await file.file("a.txt").contents())
})
await engine.close()
console.log(engine.steps.length, process.env["DAGGER_SESSION_PORT"] ?? "none")
`,
    )
  })

  test("has types that a strict compiler takes", async () => {
    const flags = ["strict", "noUnusedLocals", "noUnusedParameters"]
    const more = ["exactOptionalPropertyTypes", "noUncheckedIndexedAccess"]
    const compile = run(
      join(root, "node_modules/.bin/tsc"),
      [
        ...[...flags, ...more].map((flag) => `--${flag}`),
        ...["--module", "nodenext", "--target", "es2022", "--skipLibCheck"],
        ...["--types", "node", "use.mts"],
      ],
      { cwd: consumer },
    )
    expect((await compile).stdout).toBe("")
  })

  test("runs in plain Node.js, and leaves the environment as it was", async () => {
    const store = mkdtempSync(join(tmpdir(), "store-"))
    const { stdout } = await run(process.execPath, ["use.mjs", store], {
      cwd: consumer,
    })
    expect(stdout).toBe(
      "A session is open in this process: close it before the next one.\nit runs\n0 none\n",
    )
  })
})
