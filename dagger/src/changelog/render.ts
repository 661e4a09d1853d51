import {
  base,
  SOURCE,
  withEnvironment,
  withLocked,
  withTools,
} from "../container.js"
import { type Source, withSource } from "../source.js"
import { ask } from "../tool.js"
import type { Forge } from "./forge.js"
import type { Span } from "./spans.js"

/** Commits to write notes of. */
export interface Rendered extends Pick<Span, "from" | "to"> {
  /** Ids of those that are left out. */
  skip: string[]
}

/** The notes of each span, as Markdown, by git-cliff (tools/notes.py). */
export function renderNotes(
  source: Source,
  spans: Rendered[],
  forge: Forge | null,
): Promise<string[]> {
  const links = { COMMIT_URL: forge?.commit ?? "", PULL_URL: forge?.pull ?? "" }
  return ask<string[]>(
    base()
      .with(withLocked("changelog"))
      .with(withTools("notes.py", "cliff.toml", "commits.py", "repository.py"))
      .with(withSource(source))
      .with(withEnvironment(links)),
    "Writing the notes",
    [
      ...["python", "/tools/notes.py", "--root", SOURCE],
      ...["--path", source.path, "--cliff", "/opt/changelog/bin/git-cliff"],
    ],
    spans,
  )
}
