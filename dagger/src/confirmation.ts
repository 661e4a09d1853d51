import type { Directory } from "@dagger.io/dagger"
import { valid } from "@renovatebot/pep440"
import { buildDist } from "./build.js"
import { type Channels, kindOf } from "./channel.js"
import { type Confirmation, confirmRelease } from "./confirm.js"
import { manifestOf } from "./folder.js"
import type { DistFile } from "./manifest.js"
import type { Page } from "./page.js"
import { type ReachRequest, reachOf } from "./reach.js"
import type { Source } from "./source.js"
import { verifyDist } from "./verify.js"

export const CONFIRM_SCHEMA = "pypi-deploy/confirm/1"

/** What an index proved to have: what `confirm` gives. */
export interface ConfirmReport {
  schema: typeof CONFIRM_SCHEMA
  project: string
  version: string
  index: { id: string; simple: string }
  /** What they were compared with: a build, or the index's own word. */
  compared: "build" | "index"
  files: { name: string; url: string; sha256: string; size: number }[]
  confirmation: Confirmation
  notices: string[]
}

/** What is to be on the index. */
export interface Expected {
  project: string
  version: string
  /** None where only the index knows. */
  files: DistFile[]
}

/** Where to look, and how long. */
export interface ConfirmationRequest extends ReachRequest {
  channels: Channels
  python: string
  deadline: number
}

/**
 * A release by its name alone; null where none is named.
 *
 * @throws a sentence where there is one half of a name
 */
export function expectNamed(project: string, version: string): Expected | null {
  if (project === "" && version === "") return null
  if (version !== "" && valid(version) === null) {
    throw new Error(
      `--version=${version} is no version (PEP 440). Pass one such as --version=1.0.`,
    )
  }
  if (project !== "" && version !== "") return { project, version, files: [] }
  throw new Error(
    "--project and --version go together: --project=demo --version=1.0.",
  )
}

/** What a source builds: the same bytes each time. */
export async function expectSource(
  source: Source,
  python: string,
): Promise<Expected> {
  const { manifest } = await buildDist(source, { python, local: false })
  return manifest
}

/** What is in a folder, once its bytes are those that its manifest names. */
export async function expectDist(
  dist: Directory,
  python: string,
): Promise<Expected> {
  const choice = { only: ["names", "recorded"], skip: [] }
  const { version, files, ...read } = await verifyDist({ dist, python, choice })
  const manifest = await manifestOf(dist)
  return { project: manifest?.project ?? read.project, version, files }
}

/**
 * Looks whether an index has a release, and tries it.
 *
 * @throws a sentence for everything that is not as it shall be
 */
export async function confirmExpected(
  { project, version, files }: Expected,
  request: ConfirmationRequest,
): Promise<ConfirmReport> {
  const { channels, python, deadline } = request
  const index = request.index || channels[kindOf(version)]
  if (index === "rehearsal" || index === "none") {
    throw new Error(
      `--index=${index} has nothing to look at after a publish. Pass pypi, testpypi, or the URL that uploads go to.`,
    )
  }
  const reach = await reachOf({ ...request, index }, 0)
  const asked = { reach, project, version, files, python, deadline }
  const answer = await confirmRelease({ ...asked, hashOnly: false })
  return {
    schema: CONFIRM_SCHEMA,
    project,
    version,
    index: { id: reach.target.id, simple: answer.simple },
    compared: files.length > 0 ? "build" : "index",
    files: answer.files,
    confirmation: answer.confirmation,
    notices: answer.notes,
  }
}

/** The report for people. */
export function confirmPage(report: ConfirmReport): Page {
  const { project, version, index, compared, confirmation } = report
  const { python, imported, serial } = confirmation
  return {
    title: `${project} ${version} is on ${index.simple}, and installs`,
    facts: [
      [
        "compared",
        compared === "build"
          ? "sha256 of every file with what was built"
          : "sha256 of every file with what the index says",
      ],
      ["installed", `on ${python}, imports ${imported.join(", ")}`],
      ...(serial === "" ? [] : [["serial", serial] as [string, string]]),
    ],
    tables: [
      [
        ["file", "bytes", "sha256"],
        ...report.files.map(({ name, size, sha256 }) => [
          ...[name, String(size), sha256],
        ]),
      ],
    ],
    notes: report.notices,
  }
}
