import { createHash, randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"

import {
  type DistributionOptions,
  makeSdist,
  makeWheel,
} from "../../../fixtures/distribution.js"
import type { Pypi } from "../../../servers/pypi/start.js"
import { type Visit, visit } from "../../../servers/visit.js"

/** An upload, where it differs from a right one. */
export interface Posting extends Partial<DistributionOptions> {
  kind?: "wheel" | "sdist"
  /** Form fields to replace, or to add. */
  fields?: Record<string, string>
  /** The file's name, where it is not its own. */
  called?: string
  /** The file's bytes, where they are not a distribution's. */
  bytes?: Buffer
  username?: string
  /** Default: one of the project's owner; null for no credentials. */
  token?: string | null
  path?: string
}

async function fileOf(
  posting: Posting,
): Promise<{ name: string; bytes: Buffer }> {
  const { kind = "wheel", name = "demo", version = "1.0", called } = posting
  const folder = mkdtempSync(join(tmpdir(), "posting-"))
  const make = kind === "wheel" ? makeWheel : makeSdist
  const made = await make(folder, { ...posting, name, version })
  const bytes = posting.bytes ?? readFileSync(made)
  return { name: called ?? basename(made), bytes }
}

/** Posts one file as a client would. */
export async function post(index: Pypi, posting: Posting): Promise<Visit> {
  const { kind = "wheel", name = "demo", version = "1.0" } = posting
  const { username = "__token__", token = index.token() } = posting
  const file = await fileOf(posting)
  const sdist = kind === "sdist"
  const fields: Record<string, string> = {
    ":action": "file_upload",
    protocol_version: "1",
    metadata_version: "2.4",
    ...{ name, version },
    filetype: sdist ? "sdist" : "bdist_wheel",
    pyversion: sdist ? "source" : "py3",
    sha256_digest: createHash("sha256").update(file.bytes).digest("hex"),
    ...posting.fields,
  }
  const body = new FormData()
  for (const [key, value] of Object.entries(fields)) body.append(key, value)
  const content = new Uint8Array(file.bytes)
  body.append("content", new Blob([content]), file.name)
  const login = Buffer.from(`${username}:${token}`).toString("base64")
  return visit(`${index.url}${posting.path ?? "/legacy/"}`, {
    method: "POST",
    ca: index.authority.pem,
    headers: {
      accept: "application/json",
      ...(token !== null && { authorization: `Basic ${login}` }),
    },
    body,
  })
}

/** The reason in a refusal's JSON. */
export function reasonOf({ body, status }: Visit): string {
  const { code, message } = JSON.parse(body.toString()) as {
    code: string
    message: string
  }
  const reason = code.replace(`${status} `, "")
  return message.includes(reason) ? reason : `${reason} is not in ${message}`
}

/** Bytes that no other test has. */
export const noise = (): Buffer => randomBytes(64)
