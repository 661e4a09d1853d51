import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"

import { walk } from "../../../engine/filesystem/walk.js"

const folder = mkdtempSync(join(tmpdir(), "walk-"))

test("a name that is not UTF-8 is refused, and named", async () => {
  writeFileSync(join(folder, "odd \ufffd.txt"), "a name that is UTF-8")
  expect((await walk(folder)).map(({ path }) => path)).toEqual([
    "odd \ufffd.txt",
  ])
  const name = Buffer.from("caf\xe9.txt", "latin1")
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), "latin-1")
  await expect(walk(folder)).rejects.toThrow(
    /caf.*\.txt has a name that is not UTF-8/,
  )
})
