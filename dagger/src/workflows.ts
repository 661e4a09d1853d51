import { base, SOURCE, withTools } from "./container.js"
import { type Located, withSource } from "./source.js"
import { ask } from "./tool.js"

/** What a repository holds for its hosting service (tools/workflows.py). */
export interface Repository {
  /** OWNER/NAME on GitHub; null where the remote `origin` is none there. */
  repository: string | null
  /** Short name; null where HEAD is detached and no remote says. */
  defaultBranch: string | null
  /** Every path that git tracks. */
  tracked: string[]
  /** Text by path: workflows, actions, files that write a version down. */
  texts: Record<string, string>
}

const TOOLS = ["workflows.py", "facts.py", "repository.py", "setup_files.py"]

/** Reads what a deployment depends on, besides the project itself. */
export function readRepository(source: Located): Promise<Repository> {
  return ask<Repository>(
    base()
      .with(withTools(...TOOLS))
      .with(withSource(source)),
    "Reading the workflows",
    [
      ...["python", "/tools/workflows.py", "--root", SOURCE],
      ...["--path", source.path],
    ],
  )
}

/** Whether a path is that of a workflow. */
export function isWorkflow(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)
}
