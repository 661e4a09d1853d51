import type { Directory } from "@dagger.io/dagger"
import { base, withTools } from "./container.js"
import type { About } from "./interpreters.js"
import { ask } from "./tool.js"

/** What a folder's distribution promises of itself (tools/about.py). */
export function readAbout(dist: Directory): Promise<About> {
  const container = base()
    .with(withTools("about.py", "archives.py"))
    .withMountedDirectory("/dist", dist)
  const command = ["python", "/tools/about.py", "--dist", "/dist"]
  return ask<About>(container, "Reading the metadata", command)
}
