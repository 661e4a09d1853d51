import { existsSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { explain, hasCode } from "../errors.js"
import { REFUSED, WRONG_CALL } from "./failure.js"
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
let lost = 0
stdout.on("error", (error) => {
  // Who has read enough, as `head` has, closes the pipe: nothing is lost.
  if (hasCode(error, "EPIPE")) return
  lost = process.exitCode = REFUSED
  const { message } = explain(error)
  stderr.write(`Error: The result could not be written. ${message}\n`)
})
stderr.on("error", () => {}) // there is nobody left to tell
void main(process.argv.slice(2), {
  stdout: (text) => stdout.write(text),
  stderr: (text) => stderr.write(text),
  environment: env,
  cwd: currentFolder(),
  project: projectFolder(),
  screen: stderr.isTTY ? screen() : undefined,
  columns: stdout.isTTY ? stdout.columns || undefined : undefined,
  signal: controller.signal,
}).then((code) => {
  process.exitCode = lost || code
})

function currentFolder(): string {
  try {
    return process.cwd()
  } catch {
    stderr.write(
      "Error: The folder that this call stands in was removed: go to another one.\n",
    )
    process.exit(WRONG_CALL)
  }
}

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
