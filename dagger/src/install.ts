import { compare } from "@renovatebot/pep440"
import type { ReleaseKind } from "./channel.js"
import type { Holdings } from "./holdings.js"
import type { Project } from "./project.js"
import { installLine, type Target } from "./target.js"

/** How people get a release. */
export interface InstallAdvice {
  /** What they would type; null where it is gone by then, or not known. */
  plain: string | null
  /** Why that does not give this release, or not safely; none where it does. */
  reasons: string[]
  /** The line that gives it. */
  line: string | null
}

/** What the advice depends on. */
export interface InstallQuestion {
  target: Target
  project: Project
  version: string
  kind: ReleaseKind
  /** null where the index could not be asked. */
  held: Holdings | null
}

/** Which other release `pip install NAME` takes, and why. */
function rival({ version, kind, held }: InstallQuestion): string | null {
  if (held === null) return null
  const { newest, newestFinal } = held
  const unfinished = kind !== "final" && kind !== "post"
  if (unfinished && newestFinal !== null) {
    return `it installs ${newestFinal}: pip takes other versions only where there is no final release`
  }
  const other = unfinished ? newest : newestFinal
  return other !== null && compare(other, version) > 0
    ? `it installs ${other}, which is higher`
    : null
}

/** Whether `pip install` gets this release from there, and what does. */
export function installAdvice(question: InstallQuestion): InstallAdvice {
  const { target, project, version, held } = question
  const simple = target.simple || (held?.simple ?? "")
  const exact = installLine({ ...target, simple }, project.name, version)
  if (exact === null || simple === "") {
    return { plain: null, reasons: [], line: null }
  }
  const plain =
    target.id === "pypi"
      ? `pip install ${project.name}`
      : `pip install -i ${simple} ${project.name}`
  const other = rival(question)
  const reasons: string[] = []
  if (other !== null) reasons.push(other)
  if (target.id === "testpypi" && project.dependent) {
    reasons.push(
      "it takes dependencies from TestPyPI, where anyone may own any name",
    )
  }
  return { plain, reasons, line: reasons.length > 0 ? exact : plain }
}
