import {
  type Answer,
  alreadyExists,
  invalid,
  json,
  notFound,
} from "./answer.js"
import { type Asset, newId, type Release, type State, sha256 } from "./state.js"

/** A release's fields that a request may set. */
type Fields = Partial<
  Pick<
    Release,
    "tag_name" | "target_commitish" | "name" | "body" | "draft" | "prerelease"
  >
> & { make_latest?: "true" | "false" | "legacy" }

export function assetView(asset: Asset, { digests }: State, base: string) {
  const { id, name, state, bytes } = asset
  return {
    url: `${base}/releases/assets/${id}`,
    ...{ id, name, state, label: "", size: bytes.length },
    digest: digests && state === "uploaded" ? `sha256:${sha256(bytes)}` : null,
    browser_download_url: `${base}/download/${id}/${name}`,
  }
}

export function releaseView(release: Release, state: State, base: string) {
  const { assets, ...fields } = release
  const uploads = base.replace("/repos/", "/uploads/repos/")
  return {
    url: `${base}/releases/${release.id}`,
    html_url: `https://github.com/${state.owner}/${state.repository}/releases/tag/${release.tag_name}`,
    upload_url: `${uploads}/releases/${release.id}/assets{?name,label}`,
    ...fields,
    assets: assets.map((asset) => assetView(asset, state, base)),
  }
}

const LONGEST = 125_000

/** What is wrong with a release's fields; undefined where nothing is. */
function refuse(
  state: State,
  fields: Fields,
  own?: Release,
): Answer | undefined {
  const tag = fields.tag_name ?? own?.tag_name
  if (!tag) {
    return invalid({
      resource: "Release",
      code: "missing_field",
      field: "tag_name",
    })
  }
  if ((fields.body?.length ?? 0) > LONGEST) {
    const message = `body is too long (maximum is ${LONGEST} characters)`
    return invalid({
      resource: "Release",
      code: "custom",
      field: "body",
      message,
    })
  }
  const draft = fields.draft ?? own?.draft ?? false
  const taken = state.releases.some(
    (it) => it !== own && !it.draft && it.tag_name === tag,
  )
  return taken && !draft ? alreadyExists("Release", "tag_name") : undefined
}

/** What publishing does: the tag is made, and the latest one moves. */
function settle(state: State, release: Release, latest: string) {
  if (release.draft) {
    if (state.latest === release.id) state.latest = null
    return
  }
  if (!state.refs.has(release.tag_name)) {
    const sha = release.target_commitish
    state.refs.set(release.tag_name, { type: "commit", sha })
  }
  release.immutable ||= state.immutable
  if (latest === "true" && !release.prerelease) state.latest = release.id
  if (latest === "false" && state.latest === release.id) state.latest = null
}

export function createRelease(state: State, fields: Fields, base: string) {
  const refused = refuse(state, fields)
  if (refused) return refused
  const release: Release = {
    id: newId(),
    tag_name: fields.tag_name ?? "",
    target_commitish: fields.target_commitish ?? "main",
    name: fields.name ?? null,
    body: fields.body ?? null,
    draft: fields.draft ?? false,
    prerelease: fields.prerelease ?? false,
    ...{ immutable: false, assets: [] },
  }
  state.releases.unshift(release)
  settle(state, release, fields.make_latest ?? "true")
  return json(201, releaseView(release, state, base))
}

export function updateRelease(
  state: State,
  release: Release,
  { make_latest, ...fields }: Fields,
  base: string,
): Answer {
  const refused = refuse(state, fields, release)
  if (refused) return refused
  Object.assign(release, fields)
  settle(state, release, make_latest ?? "true")
  return json(200, releaseView(release, state, base))
}

export function uploadAsset(
  state: State,
  release: Release,
  name: string,
  bytes: Buffer,
  broken: boolean,
  base: string,
): Answer {
  if (release.immutable) {
    return json(422, {
      message: "Cannot upload assets to an immutable release.",
    })
  }
  if (release.assets.some((it) => it.name === name)) {
    return alreadyExists("ReleaseAsset", "name")
  }
  const asset: Asset = {
    ...{ id: newId(), name, bytes: broken ? Buffer.alloc(0) : bytes },
    state: broken ? "starter" : "uploaded",
  }
  release.assets.push(asset)
  return broken
    ? json(502, { message: "Server Error" })
    : json(201, assetView(asset, state, base))
}

export function deleteAsset({ releases }: State, id: number): Answer {
  for (const release of releases) {
    const place = release.assets.findIndex((it) => it.id === id)
    if (place < 0) continue
    if (release.immutable) {
      return json(422, {
        message: "Cannot delete asset from an immutable release",
      })
    }
    release.assets.splice(place, 1)
    return { status: 204 }
  }
  return notFound()
}
