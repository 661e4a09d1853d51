import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import type { IncomingMessage } from "node:http"
import { join } from "node:path"
import { Transform } from "node:stream"
import { pipeline } from "node:stream/promises"
import { Busboy, type BusboyHeaders } from "@fastify/busboy"
import { createBLAKE2b } from "hash-wasm"

/** A file as it came, on disk, under a name of its own. */
export interface ReceivedFile {
  name: string
  path: string
  size: number
  md5: string
  sha256: string
  blake2: string
}

/** The fields of an upload; lists have a value for each time they were sent. */
export interface Form {
  fields: Map<string, string[]>
  file: ReceivedFile | null
}

/** The first value of a field, or nothing. */
export function field({ fields }: Form, name: string): string {
  return fields.get(name)?.[0] ?? ""
}

let received = 0

/** Writes a stream to disk, a chunk at a time, and hashes it on the way. */
async function keep(
  content: NodeJS.ReadableStream,
  name: string,
  folder: string,
): Promise<ReceivedFile> {
  received += 1
  const path = join(folder, `received-${received}`)
  const hashes = [createHash("md5"), createHash("sha256")] as const
  const blake2 = await createBLAKE2b(256)
  let size = 0
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length
      for (const hash of hashes) hash.update(chunk)
      blake2.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(content, count, createWriteStream(path))
  const [md5, sha256] = hashes.map((hash) => hash.digest("hex"))
  const digests = { md5: md5 ?? "", sha256: sha256 ?? "" }
  return { name, path, size, ...digests, blake2: blake2.digest("hex") }
}

/**
 * Reads a multipart form, its file to a folder: memory does not grow with it.
 *
 * @throws where it is none, or breaks off
 */
export async function readForm(
  request: IncomingMessage,
  folder: string,
): Promise<Form> {
  const form: Form = { fields: new Map(), file: null }
  let file: Promise<ReceivedFile> | undefined
  const parser = new Busboy({
    headers: request.headers as BusboyHeaders,
    limits: { fieldSize: 16 * 1024 * 1024 },
  })
  parser.on("field", (name, value) => {
    form.fields.set(name, [...(form.fields.get(name) ?? []), value])
  })
  parser.on("file", (_field, content, name) => {
    file = keep(content, name, folder)
    file.catch(() => {}) // awaited below
  })
  await pipeline(request, parser)
  form.file = (await file) ?? null
  return form
}
