import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"

import { root } from "../test/root.js"
import { folder } from "./example.js"

/** A finished `./call publish`. */
export interface Published {
  command: string
  seconds: number
  receipt: string
  /** Where the receipt is kept. */
  file: string
}

/**
 * Runs `./call publish` on a repository against a rehearsal index, progress
 * on this terminal, and keeps its receipt as `NAME.txt`. Throws when it fails.
 */
export async function publish(
  source: string,
  name: string,
): Promise<Published> {
  const args = ["publish", `--source=${source}`, "--index=rehearsal"]
  const start = Date.now()
  const receipt = await call(args)
  const file = join(folder, `${name}.txt`)
  writeFileSync(file, receipt)
  return {
    command: `./call ${args.join(" ")}`,
    seconds: (Date.now() - start) / 1000,
    receipt,
    file,
  }
}

function call(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, "call"), args, {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    })
    let stdout = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
    })
    child.once("error", reject)
    child.once("close", (code) =>
      code === 0
        ? resolve(stdout)
        : reject(new Error(`./call ended with exit code ${code}.`)),
    )
  })
}
