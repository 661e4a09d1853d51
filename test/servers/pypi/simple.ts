import { createHash } from "node:crypto"
import type { IncomingMessage } from "node:http"

import type { Answer } from "./answer.js"
import {
  type Holdings,
  normalised,
  type Project,
  type Release,
  type StoredFile,
} from "./holdings.js"

const JSON_TYPE = "application/vnd.pypi.simple.v1+json"
const MISSING: Answer = { status: 404, text: "404 Not Found" }

/** Where a file is served: by the hash of its bytes. */
export function filePath({ blake2, name }: StoredFile): string {
  const [first, second] = [blake2.slice(0, 2), blake2.slice(2, 4)]
  return `/packages/${first}/${second}/${blake2.slice(4)}/${name}`
}

interface Listed {
  file: StoredFile
  release: Release
}

/** Files that are offered: nothing that is in quarantine. */
function offered({ status, releases }: Project): Listed[] {
  if (status === "quarantined") return []
  return [...releases.values()]
    .filter((release) => !release.quarantined)
    .flatMap((release) =>
      [...release.files.values()].map((file) => ({ file, release })),
    )
}

function jsonPage(project: Project): object {
  const listed = offered(project)
  return {
    meta: { "api-version": "1.4", "_last-serial": project.serial },
    name: normalised(project.name),
    "project-status": { status: project.status },
    versions: [...new Set(listed.map((it) => it.release.version))],
    files: listed.map(({ file, release }) => ({
      filename: file.name,
      url: filePath(file),
      hashes: { sha256: file.sha256 },
      size: file.size,
      "upload-time": file.uploaded.toISOString(),
      "requires-python": file.requiresPython || null,
      yanked: release.yanked === null ? false : release.yanked || true,
      "core-metadata": metadataHash(file) ?? false,
      provenance: null,
    })),
  }
}

function metadataHash({ metadata }: StoredFile) {
  if (metadata === null) return undefined
  return { sha256: createHash("sha256").update(metadata).digest("hex") }
}

const ESCAPES: Record<string, string> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" },
}
const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (it) => ESCAPES[it] ?? it)

function htmlPage(project: Project): string {
  const links = offered(project).map(({ file, release }) => {
    const extra = [
      file.requiresPython &&
        ` data-requires-python="${escaped(file.requiresPython)}"`,
      release.yanked !== null && ` data-yanked="${escaped(release.yanked)}"`,
    ].filter(Boolean)
    const link = `${filePath(file)}#sha256=${file.sha256}`
    return `    <a href="${link}"${extra.join("")}>${file.name}</a><br />`
  })
  const title = `Links for ${normalised(project.name)}`
  return `<!DOCTYPE html>
<html>
  <head>
    <meta name="pypi:repository-version" content="1.4">
    <title>${title}</title>
  </head>
  <body>
    <h1>${title}</h1>
${links.join("\n")}
  </body>
</html>
<!--SERIAL ${project.serial}-->`
}

function cached(
  body: string,
  type: string,
  serial: number,
  request: IncomingMessage,
): Answer {
  const etag = `"${createHash("md5").update(body).digest("base64url")}"`
  const headers = {
    "content-type": type,
    etag,
    "cache-control": "max-age=600, public",
    vary: "Accept",
    "x-pypi-last-serial": String(serial),
  }
  return request.headers["if-none-match"] === etag
    ? { status: 304, headers }
    : { status: 200, headers, text: body }
}

/** `/simple/NAME/`, JSON where it is asked for. */
export function simplePage(
  name: string,
  holdings: Holdings,
  request: IncomingMessage,
): Answer {
  const project = holdings.projects.get(name)
  if (project === undefined) return MISSING
  const json = request.headers.accept?.includes(JSON_TYPE)
  const page = json ? JSON.stringify(jsonPage(project)) : htmlPage(project)
  const type = json ? JSON_TYPE : "text/html; charset=UTF-8"
  return cached(page, type, project.serial, request)
}

/** `/pypi/NAME/VERSION/json`. */
export function releasePage(
  name: string,
  version: string,
  holdings: Holdings,
  request: IncomingMessage,
): Answer {
  const project = holdings.projects.get(normalised(name))
  const release = project?.releases.get(version)
  const listed = project ? offered(project) : []
  const files = listed.filter((it) => it.release === release)
  if (project === undefined || release === undefined || files.length === 0)
    return MISSING
  const body = {
    info: {
      name: project.name,
      version,
      yanked: release.yanked !== null,
      yanked_reason: release.yanked,
    },
    last_serial: project.serial,
    urls: files.map(({ file }) => ({
      filename: file.name,
      packagetype: file.kind,
      url: filePath(file),
      size: file.size,
      digests: {
        md5: file.md5,
        sha256: file.sha256,
        blake2b_256: file.blake2,
      },
      upload_time_iso_8601: file.uploaded.toISOString(),
      yanked: release.yanked !== null,
      yanked_reason: release.yanked,
    })),
    vulnerabilities: [],
  }
  return cached(
    JSON.stringify(body),
    "application/json",
    project.serial,
    request,
  )
}
