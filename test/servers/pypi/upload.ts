import { renameSync, rmSync } from "node:fs"
import type { IncomingMessage } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"

import { type Answer, type Refusal, refused } from "./answer.js"
import { readArchive } from "./archive.js"
import { field, readForm } from "./form.js"
import {
  addProject,
  changed,
  type Holdings,
  type Release,
  type StoredFile,
} from "./holdings.js"
import { refusal } from "./refusals.js"
import { identical } from "./rules/files.js"
import { brokenRule } from "./rules/order.js"
import { grantOf, projectOf, releaseOf, type Upload } from "./rules/upload.js"
import type { Switches } from "./switches.js"
import type { Reading, Tokens } from "./tokens.js"

/** What uploading needs to know. */
export interface Uploading {
  holdings: Holdings
  switches: Switches
  tokens: Tokens
  /** Where files are kept. */
  folder: string
  now(): number
}

/** User and password of a request; null where it has none. */
function credentials({ headers }: IncomingMessage) {
  const [scheme = "", encoded = ""] = (headers.authorization ?? "").split(" ")
  if (scheme.toLowerCase() !== "basic") return null
  const text = Buffer.from(encoded, "base64").toString()
  const colon = text.indexOf(":")
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

function refusalOf(upload: Upload): Refusal | undefined {
  const { form, file, switches } = upload
  const { refuse } = switches
  const broken = refuse === null ? brokenRule(upload) : { id: refuse }
  if (broken === undefined) return undefined
  const { id, ...named } = broken
  return refusal(id, {
    project: field(form, "name"),
    version: field(form, "version"),
    user: grantOf(upload)?.user || "uploader",
    file: file.name,
    blake2: file.blake2,
    value: "a value",
    expected: "another",
    ...named,
  })
}

/** Keeps a file that nothing was wrong with. */
function store(upload: Upload, how: Uploading): void {
  const { form, file, archive, holdings } = upload
  const user = grantOf(upload)?.user ?? ""
  const project =
    projectOf(upload) ?? addProject(holdings, field(form, "name"), user)
  const release: Release = releaseOf(upload) ?? {
    version: field(form, "version"),
    created: new Date(how.now()),
    yanked: null,
    quarantined: false,
    files: new Map(),
  }
  const kind = field(form, "filetype") === "sdist" ? "sdist" : "bdist_wheel"
  const path = `${file.path}-stored`
  renameSync(file.path, path)
  const stored: StoredFile = {
    ...{ ...file, path, kind, metadata: archive.metadata },
    requiresPython: field(form, "requires_python"),
    uploaded: new Date(how.now()),
    attestations: field(form, "attestations") || null,
  }
  release.files.set(file.name, stored)
  project.releases.set(release.version, release)
  changed(holdings, project)
}

const FAILED: Answer = { status: 500, text: "Internal Server Error" }

/** Takes one file: `POST /legacy/`. */
export async function upload(
  request: IncomingMessage,
  how: Uploading,
): Promise<Answer> {
  const { folder, holdings, switches, tokens } = how
  const form = await readForm(request, folder)
  const { file } = form
  if (file === null)
    return refused(
      { status: 400, reason: "Upload payload does not have a file." },
      request,
    )
  try {
    const who = credentials(request)
    const token: Reading | null = who ? tokens.read(who.password) : null
    const judged: Upload = {
      ...{ form, file, token, username: who?.username ?? "" },
      ...{ holdings, switches, now: how.now() },
      archive: { members: null, metadata: null },
    }
    const before = releaseOf(judged)
    judged.archive = await readArchive(file.path, file.name)
    await sleep(switches.thinking * 1000)
    const refusal = refusalOf(judged)
    if (refusal !== undefined) return refused(refusal, request)
    // Two uploads that both make the release: the second one's transaction
    // breaks, and the index has no words for it.
    if (before === undefined && releaseOf(judged) !== undefined) return FAILED
    if (!identical(judged)) store(judged, how)
    return { status: 200 }
  } finally {
    rmSync(file.path, { force: true })
  }
}
