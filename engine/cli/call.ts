import { existsSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { main } from "./main.js"
import type { Screen } from "./view.js"

/**
 * The program behind `./call`. It waits for nothing at its top: V8 keeps what
 * it made of scripts, and no script of that kind does.
 */
const controller = new AbortController()
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => controller.abort())
}
const { stdout, stderr, env } = process
void main(process.argv.slice(2), {
  stdout: (text) => stdout.write(text),
  stderr: (text) => stderr.write(text),
  environment: env,
  cwd: process.cwd(),
  project: projectFolder(),
  screen: stderr.isTTY ? screen() : undefined,
  columns: stdout.isTTY ? stdout.columns || undefined : undefined,
  signal: controller.signal,
}).then((code) => {
  process.exitCode = code
})

/** A terminal may say that it has no width, as serial lines do. */
function screen(): Screen {
  return {
    write: (text) => stderr.write(text),
    size: () => ({
      columns: stderr.columns || 80,
      rows: stderr.rows || 24,
    }),
    color: !env.NO_COLOR,
    now: () => performance.now(),
  }
}

/** This runs from its bundle or from its source: both lie below the project. */
function projectFolder(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(folder, "package-lock.json"))) {
    folder = path.dirname(folder)
  }
  return folder
}
