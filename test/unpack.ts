import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"

import { run } from "./servers/run.js"

/** The files of a wheel or an sdist: text by path (an sdist's from its top). */
export async function unpack(path: string): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "unpacked-"))
  const command = path.endsWith(".whl") ? "zipfile" : "tarfile"
  await run("python3", ["-m", command, "-e", path, folder])
  const top = path.endsWith(".whl")
    ? folder
    : join(folder, readdirSync(folder)[0] ?? "")
  const files = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.path, entry.name))
  return new Map(
    files.map((file) => [relative(top, file), readFileSync(file, "utf8")]),
  )
}
