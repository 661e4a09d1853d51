import { existsSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { main } from "./main.js"

/** The program behind `./call`. */
const controller = new AbortController()
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => controller.abort())
}
process.exitCode = await main(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  environment: process.env,
  cwd: process.cwd(),
  project: projectFolder(),
  signal: controller.signal,
})

/** This runs from its bundle or from its source: both lie below the project. */
function projectFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(folder, "package-lock.json"))) {
    folder = path.dirname(folder)
  }
  return folder
}
