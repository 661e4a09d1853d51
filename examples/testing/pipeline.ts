import { type Directory, dag } from "@dagger.io/dagger"

/** A pipeline as yours may be: lints a folder of JavaScript, then packs it. */
export function pack(source: Directory): Directory {
  return dag
    .container()
    .from("node:20-bookworm-slim")
    .withDirectory("/code", source)
    .withWorkdir("/code")
    .withExec(["node", "--check", "index.js"])
    .withExec(["sh", "-c", "mkdir /out && tar -cf /out/code.tar index.js"])
    .directory("/out")
}
