import path from "node:path"
import { copyFile } from "../filesystem/copy.js"
import { entryOf } from "../filesystem/walk.js"
import type { Part } from "./part.js"

/** The pinned uv, as its own image has it. */
export function uvPart(uv: string): Part {
  return {
    key: ["uv", uv],
    files: [uv],
    binds: [],
    environment: { UV_TOOL_BIN_DIR: "/usr/local/bin" },
    async install(root) {
      copyFile(uv, path.join(root, "usr/local/bin/uv"), entryOf(uv), {
        permissions: 0o755,
      })
    },
  }
}
