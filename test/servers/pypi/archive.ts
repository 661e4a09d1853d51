import { open } from "node:fs/promises"
import { promisify } from "node:util"
import { list } from "tar"
import { type Entry, fromFd, type ZipFile } from "yauzl"

/** What the index looks at in a file. */
export interface Archive {
  /** Paths of its members; null where it cannot be read. */
  members: Set<string> | null
  /** A wheel's METADATA; null for sdists. */
  metadata: string | null
}

/** No METADATA is larger. */
const LARGEST_METADATA = 16 * 1024 * 1024

async function text(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > LARGEST_METADATA)
    throw new Error("too large a METADATA")
  const stream = await promisify(zip.openReadStream.bind(zip))(entry)
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}

/** The directory at a zip's end, and one member; not the whole file. */
async function readZip(path: string): Promise<Archive> {
  const file = await open(path)
  try {
    const options = { lazyEntries: true, autoClose: false }
    const zip = await promisify(
      (fd: number, done: (error: Error | null, zip?: ZipFile) => void) =>
        fromFd(fd, options, done),
    )(file.fd)
    if (zip === undefined) throw new Error("no zip")
    const entries = new Map<string, Entry>()
    await new Promise<void>((resolve, reject) => {
      zip.once("error", reject).once("end", resolve)
      zip.on("entry", (entry: Entry) => {
        entries.set(entry.fileName, entry)
        zip.readEntry()
      })
      zip.readEntry()
    })
    const [metadata] = [...entries.values()].filter((entry) =>
      /^[^/]+\.dist-info\/METADATA$/.test(entry.fileName),
    )
    return {
      members: new Set(entries.keys()),
      metadata: metadata ? await text(zip, metadata) : null,
    }
  } catch {
    return { members: null, metadata: null }
  } finally {
    await file.close()
  }
}

async function readTar(path: string): Promise<Archive> {
  const members = new Set<string>()
  try {
    await list({
      file: path,
      strict: true,
      onReadEntry: (entry) => void members.add(entry.path),
    })
  } catch {
    return { members: null, metadata: null }
  }
  return { members: members.size > 0 ? members : null, metadata: null }
}

export function readArchive(path: string, name: string): Promise<Archive> {
  return name.endsWith(".tar.gz") ? readTar(path) : readZip(path)
}
