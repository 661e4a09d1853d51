import { base, withTools } from "./container.js"
import type { DistFile } from "./manifest.js"
import { isFailedExec } from "./tool.js"
import { answerOf } from "./trial.js"
import { READER, type Reach, withIndex } from "./upload.js"
import { failures, installCheck, type Tried } from "./verdict.js"

/** What to look for on an index. */
export interface ConfirmRequest {
  reach: Reach
  project: string
  version: string
  /** What was built; none where the index's own word is all there is. */
  files: DistFile[]
  python: string
  /** Seconds that the index is waited for. */
  deadline: number
  /** Compare, and run nobody's code. */
  hashOnly: boolean
}

/** What an index proved to have. */
export interface Confirmation {
  /** The interpreter it was installed on; null where it was not. */
  python: string | null
  /** The names that could be imported. */
  imported: string[]
  /** The state of the index that was seen, where it tells one. */
  serial: string
}

/** What tools/confirm.py prints. */
interface Confirmed extends Tried {
  files: { name: string; url: string; sha256: string; size: number }[]
  notes: string[]
  simple?: string
  serial?: string
}

export interface ConfirmAnswer {
  confirmation: Confirmation
  files: Confirmed["files"]
  simple: string
  notes: string[]
}

const WHAT = "The confirmation"
const NOTHING = { files: [], notes: [] }

/** What it found before it ended with exit code 1; null where it crashed. */
function toldOf(stdout: string): Confirmed | null {
  try {
    const told = JSON.parse(stdout) as Confirmed
    return told.problems.length > 0 ? told : null
  } catch {
    return null
  }
}

async function look(request: ConfirmRequest): Promise<Confirmed> {
  const { reach, project, version, files, python } = request
  const { upload, simple } = reach.target
  const container = base(python)
    .with(
      withTools(
        ...["confirm.py", "install.py", "released.py"],
        ...["smoke.py", "environment.py", ...READER],
      ),
    )
    .with(withIndex(reach))
    .withExec([
      ...["python", "/tools/confirm.py", "--url", upload],
      ...["--simple", simple, "--python", python],
      ...["--name", project, "--version", version],
      ...["--deadline", String(request.deadline)],
      ...(request.hashOnly ? ["--hash-only"] : []),
      ...files.flatMap(({ name, sha256, size }) => [
        ...["--file", `${name}=${sha256}=${size}`],
      ]),
    ])
  try {
    return JSON.parse(await container.stdout()) as Confirmed
  } catch (error) {
    if (!isFailedExec(error)) throw error
    return toldOf(error.stdout) ?? { ...NOTHING, ...answerOf(WHAT, error) }
  }
}

/**
 * Downloads every file from the index and compares its sha256, then installs
 * the version from there, dependencies from PyPI only, and tries it
 * (tools/confirm.py).
 *
 * @throws a sentence for everything that is not as it was built
 */
export async function confirmRelease(
  request: ConfirmRequest,
): Promise<ConfirmAnswer> {
  const { reach, project, version, python, hashOnly } = request
  const found = await look(request)
  const check = installCheck(`${project} ${version}`, version, found)
  if (failures([check]).length > 0) {
    const problems = check.problems.join("\n    ")
    throw new Error(
      `The index does not confirm ${project} ${version}:\n    ${problems}`,
    )
  }
  const { imported = [], serial = "", files, notes } = found
  return {
    confirmation: { python: hashOnly ? null : python, imported, serial },
    files,
    simple: found.simple ?? reach.target.simple,
    notes,
  }
}
