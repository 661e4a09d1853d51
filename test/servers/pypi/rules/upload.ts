import type { Archive } from "../archive.js"
import { type Form, field, type ReceivedFile } from "../form.js"
import {
  filesOf,
  type Holdings,
  normalised,
  type Project,
  type Release,
} from "../holdings.js"
import type { Named, RefusalId } from "../refusals.js"
import type { Switches } from "../switches.js"
import type { Grant, Reading } from "../tokens.js"

/** An upload and all that it is judged by. */
export interface Upload {
  form: Form
  file: ReceivedFile
  archive: Archive
  username: string
  /** What the password is, as a token; null where none was sent. */
  token: Reading | null
  holdings: Holdings
  switches: Switches
  now: number
}

/** A refusal, with what its text names beyond what is said of every upload. */
export type Broken = { id: RefusalId } & Partial<Named>
export type Rule = (upload: Upload) => RefusalId | Broken | undefined | false

/** What the token is for, where it is a good one. */
export function grantOf({ token }: Upload): Grant | undefined {
  return token !== null && "grant" in token ? token.grant : undefined
}

/** Whether it comes by trusted publishing. */
export function isMinted(upload: Upload): boolean {
  return grantOf(upload)?.user === ""
}

/** The project's normalised name. */
export function projectName({ form }: Upload): string {
  return normalised(field(form, "name"))
}

export function projectOf(upload: Upload): Project | undefined {
  return upload.holdings.projects.get(projectName(upload))
}

export function releaseOf(upload: Upload): Release | undefined {
  return projectOf(upload)?.releases.get(field(upload.form, "version"))
}

/** The files of the project, of all releases. */
export function storedFiles(upload: Upload) {
  const project = projectOf(upload)
  return project ? filesOf(project) : []
}

/** `{name}-{version}` of a file, and what follows. */
export function partsOf(name: string) {
  const [start = "", version = "", ...rest] = name
    .replace(/\.(tar\.gz|whl)$/, "")
    .split("-")
  return { start, version, tags: rest.at(-1)?.split(".") ?? [] }
}

export const isWheel = (name: string) => name.endsWith(".whl")
