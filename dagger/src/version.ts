import { BACKEND_PYTHON, backendContainer } from "./backend.js"
import { SOURCE, withTools } from "./container.js"
import { type Counted, nextQuestion, publicVersion } from "./next.js"
import { type Source, withSource } from "./source.js"
import { ask } from "./tool.js"

/** Asks setuptools-scm for the next dev version (tools/next.py). */
async function nextVersion(source: Source, python: string): Promise<Counted> {
  const { project, path } = source
  const { container } = await backendContainer(project, python)
  return ask<Counted>(
    container
      .with(withTools("next.py", "repository.py"))
      .with(withSource(source)),
    `Asking ${project.provider}`,
    [BACKEND_PYTHON, "/tools/next.py", "--root", SOURCE, "--path", path],
    nextQuestion(source),
  )
}

/** The version of a source: written, a tag's, or counted from the tags. */
export async function countedVersion(
  source: Source,
  python: string,
): Promise<Counted> {
  const { project, build } = source
  const exact = { distance: 0, guessed: false }
  if (project.version !== undefined) {
    return { version: project.version, tag: null, ...exact }
  }
  if (build.kind === "tag" || build.kind === "cycle") {
    return { version: build.version, tag: build.tag, ...exact }
  }
  return nextVersion(source, python)
}

/** The version of a source, with or without its local part. */
export async function versionOf(
  source: Source,
  python: string,
  local: boolean,
): Promise<string> {
  const { version } = await countedVersion(source, python)
  return local ? version : publicVersion(version)
}
