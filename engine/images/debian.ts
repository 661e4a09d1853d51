import { existsSync, readFileSync } from "node:fs"
import { EngineError } from "../errors.js"
import type { Part } from "./part.js"

const RELEASE = "/etc/os-release"

/**
 * This machine's own Debian, which is seen in every image: nothing is added.
 *
 * @throws EngineError where it is another system
 */
export function debianPart(reference: string, version: string): Part {
  const release = existsSync(RELEASE) ? readFileSync(RELEASE, "utf8") : ""
  const here = readRelease(release)
  if (here.id !== "debian" || here.version !== version) {
    throw new EngineError(
      `Base image ${reference} needs Debian ${version}, and this machine is ${here.name}. Use "dagger call", which pulls the image.`,
    )
  }
  return {
    key: ["debian", version],
    files: [],
    binds: [],
    environment: {},
    install: async () => {},
  }
}

/** What os-release(5) says of a machine. */
export function readRelease(text: string): {
  id: string
  version: string
  name: string
} {
  const field = (name: string) =>
    new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? ""
  return {
    id: field("ID"),
    version: field("VERSION_ID"),
    name: field("PRETTY_NAME") || "another system",
  }
}
