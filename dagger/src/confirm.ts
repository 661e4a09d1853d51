import { base, withTools } from "./container.js"
import type { DistFile } from "./manifest.js"
import { isFailedExec } from "./tool.js"
import { answerOf } from "./trial.js"
import { type Reach, withIndex } from "./upload.js"
import { failures, installCheck, type Tried } from "./verdict.js"

/** What to look for on an index. */
export interface ConfirmRequest {
  reach: Reach
  /** The simple API's URL. */
  simple: string
  project: string
  version: string
  files: DistFile[]
  python: string
}

/**
 * Downloads every file from the index and compares its sha256, then installs
 * the version from there, dependencies from PyPI only, and tries it
 * (tools/confirm.py).
 *
 * @returns the names that could be imported
 * @throws a sentence for everything that is not as it was built
 */
export async function confirmRelease(
  request: ConfirmRequest,
): Promise<string[]> {
  const { reach, simple, project, version, files, python } = request
  const command = ["python", "/tools/confirm.py", "--simple", simple]
  command.push("--python", python, "--name", project, "--version", version)
  for (const file of files)
    command.push("--file", `${file.name}=${file.sha256}`)
  const container = base(python)
    .with(
      withTools(
        ...["confirm.py", "index.py", "install.py"],
        ...["smoke.py", "environment.py"],
      ),
    )
    .with(withIndex(reach))
    .withExec(command)
  let answer: Tried
  try {
    answer = JSON.parse(await container.stdout()) as Tried
  } catch (error) {
    if (!isFailedExec(error)) throw error
    answer = answerOf("The confirmation", error)
  }
  const check = installCheck(`${project} ${version}`, version, answer)
  const failed = failures([check])
  if (failed.length > 0) {
    const found = check.problems.join("\n    ")
    throw new Error(
      `${project} ${version} is uploaded, but the index does not confirm it:\n    ${found}`,
    )
  }
  return answer.imported ?? []
}
