import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build } from "esbuild"
import { expect, test } from "vitest"

import { oneSdk } from "../../../engine/module/sdk.js"
import { root } from "../../root.js"

test("the SDK comes without what a module has no use for, the module whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sdk-"))
  mkdirSync(join(folder, "telemetry"))
  writeFileSync(
    join(folder, "telemetry/init.js"),
    'export const own = "the own init"',
  )
  const { outputFiles } = await build({
    stdin: {
      contents: `import { connection } from "@dagger.io/dagger"
        import { own } from "./telemetry/init.js"
        console.log(connection, own)`,
      resolveDir: folder,
    },
    bundle: true,
    write: false,
    platform: "node",
    nodePaths: [join(root, "node_modules")],
    plugins: [oneSdk(root)],
  })
  rmSync(folder, { recursive: true })
  const text = outputFiles[0]?.text ?? ""
  expect(text).toContain("the own init")
  expect(text).toContain("this process has no session")
  expect(text).not.toMatch(/OTLPTraceExporter|introspector/)
})
