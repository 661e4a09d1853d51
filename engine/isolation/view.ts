import { spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import path from "node:path"
import { asset } from "../assets.js"
import type { View, ViewRequest } from "./isolation.js"
import { overlayMount } from "./plan.js"
import { ended, inNamespaces, setUpFailure, text } from "./support.js"

/** Shows layers as one folder, which a process of its own holds mounted. */
export async function view(request: ViewRequest): Promise<View> {
  const { folder, layers, overlay } = request
  for (const name of ["root", "empty", "empty2"]) {
    mkdirSync(path.join(folder, name))
  }
  const { target, options } = overlayMount(
    request,
    path.join(folder, "root"),
    overlay,
  )
  const [program, ...args] = inNamespaces([], asset("isolation/hold.sh"))
  const child = spawn(program, [...args, layers, target, options.join(",")], {
    stdio: ["pipe", "pipe", "pipe"],
  })
  const complaint = text(child.stderr)
  const ready = await new Promise<boolean>((resolve) => {
    child.stdout.once("data", () => resolve(true))
    child.once("close", () => resolve(false))
  })
  if (!ready) {
    throw setUpFailure("A folder of several layers", await complaint)
  }
  const end = ended(child)
  return {
    root: `/proc/${child.pid}/root${target}`,
    async close() {
      child.stdin.end()
      await end
    },
  }
}
