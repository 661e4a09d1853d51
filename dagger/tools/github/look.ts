/**
 * What GitHub has of a release: a question on stdin, facts on stdout.
 *
 *     node look.ts < question.json
 */
import { createHash } from "node:crypto"
import { failureOf, type GitHub, HEADERS } from "./octokit.ts"
import { program } from "./program.ts"

export interface LookQuestion {
  owner: string
  repo: string
  tag: string
}

/** How often a download is tried that breaks off. */
const DOWNLOADS = 5

interface AssetAnswer {
  id: number
  name: string
  state: string
  size: number
  digest?: string | null
}

interface ReleaseAnswer {
  id: number
  tag_name: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  immutable?: boolean
  upload_url: string
  html_url: string
}

async function all<Item>(
  github: GitHub,
  route: string,
  parameters: object,
): Promise<Item[]> {
  const items: Item[] = []
  for (let page = 1; ; page++) {
    const { data } = await github.request(route, {
      ...parameters,
      ...{ page, per_page: 100, headers: HEADERS },
    })
    items.push(...(data as Item[]))
    if (data.length < 100) return items
  }
}

/** null where GitHub has no such thing. */
async function found<Data>(answer: Promise<{ data: Data }>) {
  try {
    return (await answer).data
  } catch (error) {
    if (failureOf(error).status === 404) return null
    throw error
  }
}

/** The commit that a tag is of, through an annotated tag's own object. */
async function tagCommit(github: GitHub, { owner, repo, tag }: LookQuestion) {
  const at = { owner, repo, headers: HEADERS }
  // Not {ref}: its slash would be sent as %2F.
  const route = "GET /repos/{owner}/{repo}/git/ref/tags/{tag}" as string
  const ref = await found(github.request(route, { ...at, tag }))
  if (ref === null) return null
  if (ref.object.type !== "tag") return ref.object.sha
  const { data } = await github.request(
    "GET /repos/{owner}/{repo}/git/tags/{tag_sha}",
    { ...at, tag_sha: ref.object.sha },
  )
  return data.object.sha
}

/** The sha256 of an asset: as GitHub says it, or of its bytes. */
async function digestOf(
  github: GitHub,
  { owner, repo }: LookQuestion,
  { id, name, size, state, digest }: AssetAnswer,
): Promise<string | null> {
  if (state !== "uploaded") return null
  if (digest?.startsWith("sha256:")) return digest.slice("sha256:".length)
  // Those from before June 2025 have none.
  for (let tries = 1; tries <= DOWNLOADS; tries++) {
    const { data } = await github.request(
      "GET /repos/{owner}/{repo}/releases/assets/{asset_id}",
      {
        ...{ owner, repo, asset_id: id },
        headers: { ...HEADERS, accept: "application/octet-stream" },
        // As it comes: Octokit would parse what says that it is JSON.
        request: { parseSuccessResponseBody: false },
      },
    )
    const read = new Response(data as unknown as ReadableStream).arrayBuffer()
    const bytes = Buffer.from(await read.catch(() => new ArrayBuffer(0)))
    if (bytes.length === size) {
      return createHash("sha256").update(bytes).digest("hex")
    }
  }
  throw new Error(
    `GitHub breaks off the download of ${name} each time. Call again later.`,
  )
}

/** Everything that is decided on. */
export async function look(github: GitHub, question: LookQuestion) {
  const { owner, repo, tag } = question
  const at = { owner, repo }
  const releases = await all<ReleaseAnswer>(
    github,
    "GET /repos/{owner}/{repo}/releases",
    at,
  )
  const latest = await found(
    github.request("GET /repos/{owner}/{repo}/releases/latest", {
      ...{ ...at, headers: HEADERS },
    }),
  )
  const own = releases.filter((it) => it.tag_name === tag)
  return {
    commit: await tagCommit(github, question),
    latest: latest === null ? null : latest.tag_name,
    others: releases
      .filter((it) => it.tag_name !== tag)
      .map(({ id, tag_name, draft, prerelease }) => ({
        ...{ id, tag: tag_name, draft, prerelease },
      })),
    releases: await Promise.all(
      own.map(async (it) => ({
        ...{ id: it.id, name: it.name ?? "", body: it.body ?? "" },
        ...{ draft: it.draft, prerelease: it.prerelease },
        ...{ immutable: it.immutable === true, page: it.html_url },
        upload: it.upload_url,
        assets: await Promise.all(
          (
            await all<AssetAnswer>(
              github,
              "GET /repos/{owner}/{repo}/releases/{release_id}/assets",
              { ...at, release_id: it.id },
            )
          ).map(async (asset) => ({
            ...{ id: asset.id, name: asset.name },
            ...{ state: asset.state, size: asset.size },
            sha256: await digestOf(github, question, asset),
          })),
        ),
      })),
    ),
  }
}

program(import.meta.url, "the question", look)
