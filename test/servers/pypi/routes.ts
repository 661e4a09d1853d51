import { createReadStream } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { pipeline } from "node:stream/promises"

import { type Answer, sendAnswer } from "./answer.js"
import { filesOf, normalised } from "./holdings.js"
import { requestedToken } from "./issuer.js"
import { audience, type Mint, mint } from "./mint.js"
import { filePath, releasePage, simplePage } from "./simple.js"
import { type Uploading, upload } from "./upload.js"

/** Everything that routes need. */
export type World = Mint & Uploading

interface Visit {
  world: World
  request: IncomingMessage
  response: ServerResponse
  url: URL
  /** What the pattern's groups found. */
  found: string[]
}

/** An answer to send, or nothing where it was sent already. */
type Handler = (visit: Visit) => Answer | Promise<Answer | undefined>

const LARGEST_BODY = 1024 * 1024

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size <= LARGEST_BODY) chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}

const moved = (location: string, status: number): Answer => ({
  status,
  headers: { location },
})

const sendFile: Handler = async ({ world, request, response, url }) => {
  const wanted = decodeURIComponent(url.pathname)
  const all = [...world.holdings.projects.values()].flatMap(filesOf)
  const file = all.find((it) => wanted.startsWith(filePath(it)))
  const rest = file && wanted.slice(filePath(file).length)
  if (file !== undefined && rest === ".metadata" && file.metadata !== null)
    return { status: 200, text: file.metadata }
  if (file === undefined || rest !== "") return { status: 404 }
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": file.size,
    "cache-control": "max-age=365000000, immutable, public",
  })
  if (request.method === "HEAD") response.end()
  else await pipeline(createReadStream(file.path), response)
  return undefined
}

const ROUTES: [method: RegExp, path: RegExp, Handler][] = [
  [/^POST$/, /^\/legacy$/, () => moved("/legacy/", 308)],
  [/^POST$/, /^\/legacy\/$/, ({ request, world }) => upload(request, world)],
  [/^GET$/, /^\/_\/oidc\/audience$/, ({ world }) => audience(world)],
  [
    /^POST$/,
    /^\/_\/oidc\/(?:github\/)?mint-token$/,
    async ({ request, world }) => mint(await bodyOf(request), world),
  ],
  [
    /^GET$/,
    /^\/actions\/id-token$/,
    ({ request, world, url }) =>
      requestedToken(world.issuer, request, url.searchParams),
  ],
  [
    /^GET$/,
    /^\/actions\/\.well-known\/jwks$/,
    ({ world }) => ({ status: 200, json: world.issuer.keys }),
  ],
  [
    /^GET$/,
    /^\/actions\/\.well-known\/openid-configuration$/,
    ({ world }) => ({
      status: 200,
      json: {
        issuer: world.issuer.url,
        jwks_uri: `${world.issuer.url}/.well-known/jwks`,
        id_token_signing_alg_values_supported: ["RS256"],
      },
    }),
  ],
  [
    /^GET|HEAD$/,
    /^\/simple\/$/,
    () => ({
      status: 200,
      headers: { "content-type": "text/html; charset=UTF-8" },
      text: "<!DOCTYPE html><html><body></body></html>",
    }),
  ],
  [
    /^GET|HEAD$/,
    /^\/simple\/([^/]+)(\/?)$/,
    ({ request, world, found: [name = "", slash] }) =>
      slash === "" || name !== normalised(name)
        ? moved(`/simple/${normalised(name)}/`, 301)
        : simplePage(name, world.holdings, request),
  ],
  [
    /^GET|HEAD$/,
    /^\/pypi\/([^/]+)\/([^/]+)\/json$/,
    ({ request, world, found: [name = "", version = ""] }) =>
      releasePage(name, version, world.holdings, request),
  ],
  [/^GET|HEAD$/, /^\/packages\//, sendFile],
]

/** Answers one request. */
export async function route(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "https://index")
  const method = request.method ?? ""
  for (const [methods, path, handle] of ROUTES) {
    const match = path.exec(url.pathname)
    if (match === null || !methods.test(method)) continue
    const found = match.slice(1).map(decodeURIComponent)
    const answer = await handle({ world, request, response, url, found })
    if (answer !== undefined) sendAnswer(response, answer)
    return
  }
  request.resume()
  sendAnswer(response, { status: 404, text: "404 Not Found" })
}
