import { createHash } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { bodyOf, type Listening, listen } from "../listen.js"
import {
  type Answer,
  badCredentials,
  json,
  notFound,
  primaryLimit,
  secondaryLimit,
} from "./answer.js"
import {
  assetView,
  createRelease,
  deleteAsset,
  releaseView,
  updateRelease,
  uploadAsset,
} from "./releases.js"
import { assetName, newState, type State } from "./state.js"

/** What can go wrong with one request. */
export type Fault =
  | "primary limit"
  | "secondary limit"
  /** An hour to wait. */
  | "long limit"
  /** 429 with Retry-After, and no word of GitHub's. */
  | "plain limit"
  /** Done, and half of the answer comes. */
  | "cut"
  /** 502, and nothing was done. */
  | "broken"
  /** The connection ends before anything is done. */
  | "reset"
  /** It is done, and the connection ends before the answer. */
  | "lost"
  /** It is done, and the answer never comes, nor does the end. */
  | "silent"
  /** 502 in the middle of an upload: a starter is left. */
  | "half"

export interface GitHub extends Listening {
  state: State
  /** `METHOD /path` of every request that was let in. */
  requests: string[]
  /** The next requests whose `METHOD /path` matches fail so, one each. */
  fail(matching: RegExp, ...faults: Fault[]): void
}

interface Asked {
  state: State
  method: string
  url: URL
  match: string[]
  body: Buffer
  headers: IncomingMessage["headers"]
  /** The URL of the repository in the API, as it was called. */
  base: string
  half: boolean
}

type Route = [method: string, path: RegExp, answer: (asked: Asked) => Answer]

const object = ({ body }: Asked) => JSON.parse(body.toString() || "{}")

const releaseOf = ({ state, match }: Asked) =>
  state.releases.find((it) => it.id === Number(match[1]))

/** One page of a list, with the links to others. */
function page<Item>(items: Item[], { url }: Asked): Answer {
  const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100)
  const number = Number(url.searchParams.get("page") ?? 1)
  const next = new URL(url)
  next.searchParams.set("page", String(number + 1))
  const more = items.length > number * size
  const link = more ? { link: `<${next}>; rel="next"` } : {}
  return json(200, items.slice((number - 1) * size, number * size), link)
}

const ROUTES: Route[] = [
  [
    "GET",
    /^\/releases$/,
    (asked) => {
      const { state, base } = asked
      return page(
        state.releases.map((it) => releaseView(it, state, base)),
        asked,
      )
    },
  ],
  [
    "GET",
    /^\/releases\/latest$/,
    ({ state, base }) => {
      const found = state.releases.find((it) => it.id === state.latest)
      return found ? json(200, releaseView(found, state, base)) : notFound()
    },
  ],
  [
    "POST",
    /^\/releases$/,
    (asked) => createRelease(asked.state, object(asked), asked.base),
  ],
  [
    "PATCH",
    /^\/releases\/(\d+)$/,
    (asked) => {
      const found = releaseOf(asked)
      return found
        ? updateRelease(asked.state, found, object(asked), asked.base)
        : notFound()
    },
  ],
  [
    "GET",
    /^\/releases\/(\d+)\/assets$/,
    (asked) => {
      const { state, base } = asked
      const found = releaseOf(asked)
      return found
        ? page(
            found.assets.map((it) => assetView(it, state, base)),
            asked,
          )
        : notFound()
    },
  ],
  [
    "POST",
    /^\/uploads\/releases\/(\d+)\/assets$/,
    (asked) => {
      const { state, url, body, half, base } = asked
      const name = assetName(url.searchParams.get("name") ?? "")
      const found = releaseOf(asked)
      return found
        ? uploadAsset(state, found, name, body, half, base)
        : notFound()
    },
  ],
  [
    "GET",
    /^\/releases\/assets\/(\d+)$/,
    ({ state, match, headers, base }) => {
      const all = state.releases.flatMap((it) => it.assets)
      const asset = all.find((it) => it.id === Number(match[1]))
      if (!asset) return notFound()
      const view = assetView(asset, state, base)
      return headers.accept?.includes("octet-stream")
        ? { status: 302, headers: { location: view.browser_download_url } }
        : json(200, view)
    },
  ],
  [
    "GET",
    /^\/download\/(\d+)\//,
    ({ state, match }) => {
      const all = state.releases.flatMap((it) => it.assets)
      const asset = all.find((it) => it.id === Number(match[1]))
      return asset ? { status: 200, body: asset.bytes } : notFound()
    },
  ],
  [
    "DELETE",
    /^\/releases\/assets\/(\d+)$/,
    ({ state, match }) => deleteAsset(state, Number(match[1])),
  ],
  [
    "GET",
    /^\/git\/ref\/tags\/(.+)$/,
    ({ state, match }) => {
      const tag = decodeURIComponent(match[1] ?? "")
      const found = state.refs.get(tag)
      return found
        ? json(200, { ref: `refs/tags/${tag}`, object: found })
        : notFound()
    },
  ],
  [
    "GET",
    /^\/git\/tags\/(\w+)$/,
    ({ state, match }) => {
      const sha = state.tagObjects.get(match[1] ?? "")
      return sha ? json(200, { object: { type: "commit", sha } }) : notFound()
    },
  ],
  [
    "POST",
    /^\/git\/tags$/,
    (asked) => {
      const { state, body } = asked
      const { object: commit, tag } = object(asked)
      if (!state.commits.has(commit)) {
        return json(422, { message: "Object does not exist" })
      }
      const sha = createHash("sha1").update(body).digest("hex")
      state.tagObjects.set(sha, commit)
      return json(201, { tag, sha, object: { type: "commit", sha: commit } })
    },
  ],
  [
    "POST",
    /^\/git\/refs$/,
    (asked) => {
      const { state } = asked
      const { ref, sha } = object(asked)
      const tag = String(ref).replace("refs/tags/", "")
      if (state.refs.has(tag)) {
        return json(422, { message: "Reference already exists" })
      }
      const annotated = state.tagObjects.has(sha)
      if (!annotated && !state.commits.has(sha)) {
        return json(422, { message: "Object does not exist" })
      }
      const type = annotated ? "tag" : "commit"
      state.refs.set(tag, { type, sha })
      return json(201, { ref, object: { type, sha } })
    },
  ],
]

function answerTo(asked: Omit<Asked, "match" | "base">): Answer {
  const { state, method, url } = asked
  const repository = `/repos/${state.owner}/${state.repository}`
  const plain = url.pathname.replace(`/uploads${repository}`, "/uploads")
  const path = plain.startsWith(repository)
    ? plain.slice(repository.length)
    : plain
  if (path === url.pathname) return notFound()
  const base = `${url.origin}${repository}`
  for (const [wanted, pattern, answer] of ROUTES) {
    const match = pattern.exec(path)
    if (wanted === method && match) return answer({ ...asked, match, base })
  }
  return notFound()
}

const LIMITS: Partial<Record<Fault, () => Answer>> = {
  "primary limit": () => primaryLimit(1),
  "secondary limit": () => secondaryLimit(1),
  "long limit": () => primaryLimit(3600),
  "plain limit": () => ({ status: 429, headers: { "retry-after": "1" } }),
  broken: () => json(502, { message: "Server Error" }),
}

/**
 * A server that behaves as GitHub's REST API does for the releases, assets and
 * tags of one repository, by https://docs.github.com/rest.
 *
 * @param token - the only one that is let in
 */
export async function startGitHub(
  token: string,
  owner = "me",
  repository = "demo",
): Promise<GitHub> {
  const state = newState(owner, repository)
  const requests: string[] = []
  const faults: { matching: RegExp; faults: Fault[] }[] = []
  const server = await listen(async (request, response) => {
    const { method = "", headers } = request
    // Whoever reaches it by another name gets links with that name.
    const url = new URL(request.url ?? "", `http://${headers.host}`)
    const line = `${method} ${url.pathname}`
    let body: Buffer
    try {
      body = await bodyOf(request)
    } catch {
      return // the client was killed
    }
    const rule = faults.find(
      (it) => it.faults.length > 0 && it.matching.test(line),
    )
    const fault = rule?.faults.shift()
    if (fault === "reset") {
      request.socket.destroy()
      return
    }
    const download = url.pathname.includes("/download/")
    const known = /^(token|bearer) (.*)$/i.exec(headers.authorization ?? "")
    requests.push(line)
    const limit = fault && LIMITS[fault]
    const asked = { state, method, url, body, headers, half: fault === "half" }
    const answer =
      known?.[2] !== token && !download
        ? badCredentials()
        : (limit?.() ?? answerTo(asked))
    if (fault === "lost") {
      request.socket.destroy()
      return
    }
    if (fault === "silent") return
    const bytes = Buffer.isBuffer(answer.body)
      ? answer.body
      : Buffer.from(JSON.stringify(answer.body ?? ""))
    response.writeHead(answer.status, {
      "content-type": "application/json; charset=utf-8",
      "x-ratelimit-remaining": "4999",
      ...answer.headers,
    })
    if (fault === "cut") {
      response.write(bytes.subarray(0, bytes.length / 2), () =>
        request.socket.destroy(),
      )
      return
    }
    response.end(answer.body === undefined ? undefined : bytes)
  })
  return {
    ...server,
    state,
    requests,
    fail: (matching, ...more) => void faults.push({ matching, faults: more }),
  }
}
