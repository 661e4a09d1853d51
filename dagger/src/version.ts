import { BACKEND_PYTHON, backendContainer } from "./backend.js"
import { withEnvironment } from "./container.js"
import { provider } from "./provider.js"
import { type Source, withSource } from "./source.js"
import { explained } from "./tool.js"

/** A version without its local part: `1.2.dev3+g1a2b3c4` is 1.2.dev3. */
export function publicVersion(version: string): string {
  return version.split("+")[0] ?? version
}

/**
 * Asks the project's provider for the version of this commit.
 *
 * @param local - whether to keep the local part
 */
export async function versionOf(
  source: Source,
  python: string,
  local: boolean,
): Promise<string> {
  const { project, commit } = source
  if (project.version !== undefined) return project.version
  const { command, environment } = provider(project.provider)
  const { container } = await backendContainer(project, python)
  const output = container
    .with(withEnvironment(environment({ project, commit, local })))
    .with(withSource(source))
    .withExec([BACKEND_PYTHON, ...command])
    .stdout()
  const printed = await explained(`Asking ${project.provider}`, output)
  const version = printed.trim().split("\n").at(-1) ?? ""
  return local ? version : publicVersion(version)
}
