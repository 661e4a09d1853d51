import { afterEach, beforeEach, describe, expect, test } from "vitest"

import { act } from "../../../dagger/tools/github/act.js"
import { look } from "../../../dagger/tools/github/look.js"
import {
  client,
  failureOf,
  triesWithin,
} from "../../../dagger/tools/github/octokit.js"
import { longestWait, pauseOf } from "../../../dagger/tools/github/whole.js"
import { type GitHub, startGitHub } from "../../servers/github/server.js"
import { assetName } from "../../servers/github/state.js"

const token = "a-token"
const commit = "1".repeat(40)
let github: GitHub
beforeEach(async () => {
  github = await startGitHub(token)
  github.state.commits.add(commit)
})
afterEach(() => github.stop())

async function ask(method: string, path: string, body?: object | string) {
  const answer = await fetch(`${github.url}/repos/me/demo${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && {
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    json: text === "" ? null : JSON.parse(text),
  }
}

const create = (fields: object) => ask("POST", "/releases", fields)

const upload = (id: number, name: string, bytes: string) =>
  fetch(
    `${github.url}/uploads/repos/me/demo/releases/${id}/assets?name=${name}`,
    {
      ...{ method: "POST", headers: { authorization: `token ${token}` } },
      body: bytes,
    },
  )

describe("the double of GitHub", () => {
  test("lets in its token alone, and knows its repository alone", async () => {
    const answer = await fetch(`${github.url}/repos/me/demo/releases`)
    expect(answer.status).toBe(401)
    expect((await answer.json()).message).toBe("Bad credentials")
    expect((await ask("GET", "/../other/releases")).status).toBe(404)
    expect((await ask("GET", "/nothing")).status).toBe(404)
  })

  test("makes drafts, of which a tag may have several", async () => {
    const fields = { tag_name: "v1", draft: true }
    expect((await create(fields)).status).toBe(201)
    expect((await create(fields)).status).toBe(201)
    expect(github.state.refs.size).toBe(0)
    expect((await ask("GET", "/releases/latest")).status).toBe(404)
  })

  test("publishes one release of a tag, and makes the tag", async () => {
    const made = await create({ tag_name: "v1", target_commitish: commit })
    expect(made.json.upload_url).toMatch(/\/assets\{\?name,label\}$/)
    const again = await create({ tag_name: "v1" })
    expect(again.status).toBe(422)
    expect(again.json.errors[0]).toEqual({
      ...{ resource: "Release", code: "already_exists", field: "tag_name" },
    })
    expect((await ask("GET", "/git/ref/tags/v1")).json.object.sha).toBe(commit)
    const latest = await ask("GET", "/releases/latest")
    expect(latest.json.tag_name).toBe("v1")
  })

  test("moves the latest as make_latest says", async () => {
    const first = (await create({ tag_name: "v1" })).json.id
    const fields = { tag_name: "v2", make_latest: "false" }
    await create(fields)
    expect(github.state.latest).toBe(first)
    await create({ tag_name: "v3rc1", prerelease: true })
    expect(github.state.latest).toBe(first)
    await ask("PATCH", `/releases/${first}`, { draft: true })
    expect(github.state.latest).toBeNull()
  })

  test("refuses texts that are too long, and releases without a tag", async () => {
    const long = await create({ tag_name: "v1", body: "x".repeat(125_001) })
    expect(long.status).toBe(422)
    expect(long.json.errors[0].message).toMatch(/maximum is 125000/)
    expect((await create({})).json.errors[0].code).toBe("missing_field")
  })

  test("takes a file once, and gives its bytes", async () => {
    const { id } = (await create({ tag_name: "v1", draft: true })).json
    const made = await (await upload(id, "a.txt", "abc")).json()
    expect(made).toMatchObject({ name: "a.txt", size: 3, state: "uploaded" })
    expect(made.digest).toMatch(/^sha256:ba7816bf/)
    const again = await upload(id, "a.txt", "abc")
    expect(again.status).toBe(422)
    expect((await again.json()).errors[0].code).toBe("already_exists")
    const path = `/releases/assets/${made.id}`
    expect((await ask("GET", path)).json.name).toBe("a.txt")
    expect((await ask("DELETE", path)).status).toBe(204)
    expect((await ask("DELETE", path)).status).toBe(404)
  })

  test("changes no files of an immutable release", async () => {
    github.state.immutable = true
    const { id } = (await create({ tag_name: "v1" })).json
    expect((await upload(id, "a.txt", "abc")).status).toBe(422)
  })

  test("makes annotated tags once", async () => {
    const tag = { tag: "v1", message: "m", object: commit, type: "commit" }
    const { sha } = (await ask("POST", "/git/tags", tag)).json
    const ref = { ref: "refs/tags/v1", sha }
    expect((await ask("POST", "/git/refs", ref)).status).toBe(201)
    const again = await ask("POST", "/git/refs", ref)
    expect(again.json.message).toBe("Reference already exists")
    const unknown = { ...tag, object: "2".repeat(40) }
    expect((await ask("POST", "/git/tags", unknown)).status).toBe(422)
  })

  test("pages its lists, with links", async () => {
    for (const tag of ["v1", "v2", "v3"]) await create({ tag_name: tag })
    const first = await ask("GET", "/releases?per_page=2")
    expect(first.json).toHaveLength(2)
    expect(first.headers.get("link")).toMatch(/page=2>; rel="next"/)
    const second = await ask("GET", "/releases?per_page=2&page=2")
    expect(second.json).toHaveLength(1)
    expect(second.headers.get("link")).toBeNull()
  })

  test("fails as it is told to, once each", async () => {
    github.fail(/releases$/, "primary limit", "secondary limit", "broken")
    const primary = await create({ tag_name: "v1" })
    expect(primary.status).toBe(403)
    expect(primary.headers.get("x-ratelimit-remaining")).toBe("0")
    const secondary = await create({ tag_name: "v1" })
    expect(secondary.headers.get("retry-after")).toBe("1")
    expect(secondary.json.message).toMatch(/secondary rate limit/)
    expect((await create({ tag_name: "v1" })).status).toBe(502)
    expect(github.state.releases).toEqual([])
    github.fail(/releases$/, "lost")
    await expect(create({ tag_name: "v1" })).rejects.toThrow()
    expect(github.state.releases).toHaveLength(1)
    const [{ id } = { id: 0 }] = github.state.releases
    github.fail(/assets$/, "half")
    expect((await upload(id, "a.txt", "abc")).status).toBe(502)
    expect(github.state.releases[0]?.assets[0]?.state).toBe("starter")
  })

  test("has names without special characters", () => {
    expect(assetName("a b.whl")).toBe("a.b.whl")
    expect(assetName(".x.")).toBe("default.x")
  })
})

describe("the programs that speak to GitHub", () => {
  const octokit = (seconds = 30) =>
    client({
      ...{ api: `${github.url}/`, token },
      deadline: Date.now() + seconds * 1000,
    })
  const at = { owner: "me", repo: "demo" }

  test("look at everything, and compute a sha256 that is not told", async () => {
    const { id } = (await create({ tag_name: "v1" })).json
    await upload(id, "a.txt", "abc")
    await create({ tag_name: "v0", prerelease: true })
    github.state.digests = false
    const seen = await look(octokit(), { ...at, tag: "v1" })
    expect(seen).toMatchObject({ latest: "v1", commit: "main" })
    expect(seen.others).toMatchObject([{ tag: "v0", prerelease: true }])
    expect(seen.releases[0]?.assets).toMatchObject([
      { name: "a.txt", sha256: expect.stringMatching(/^ba7816bf/) },
    ])
  })

  test("wait for rate limits while there is time", async () => {
    github.fail(/releases$/, "secondary limit")
    const seen = await look(octokit(), { ...at, tag: "v1" })
    expect(seen).toEqual({
      ...{ commit: null, latest: null },
      releases: [],
      others: [],
    })
    github.fail(/releases$/, "secondary limit")
    const late = look(octokit(0), { ...at, tag: "v1" })
    await expect(late.catch((error) => failureOf(error).status)).resolves.toBe(
      403,
    )
  }, 30_000)

  test("wait for no answer beyond the deadline", async () => {
    const steps = [{ does: "create" as const, tag: "v1", fields: {} }]
    github.fail(/releases$/, "silent")
    const question = { ...at, steps, folder: "/nowhere" }
    const { stopped } = await act(octokit(2), question)
    expect(stopped).toMatch(/GitHub gives no answer to the step create of v1/)
  }, 20_000)

  test("wait for a file as long as a slow line takes, and no longer", () => {
    expect(longestWait({}, 900_000)).toBe(30_000)
    expect(longestWait({ "content-length": "2001" }, 900_000)).toBe(30_041)
    expect(longestWait({ "content-length": "5000000" }, 900_000)).toBe(130_000)
    expect(longestWait({ "content-length": "5000000" }, 60_000)).toBe(60_000)
    expect(longestWait({}, -5)).toBe(1000)
  })

  test("fail where a file is not there, which is no fault of GitHub's", async () => {
    const [to, name] = [`${github.url}/uploads`, "none.whl"]
    const steps = [{ does: "upload" as const, to, name }]
    const question = { ...at, steps, folder: "/nowhere" }
    await expect(act(octokit(), question)).rejects.toThrow(/ENOENT.*none\.whl/)
    expect(github.requests).toEqual([])
  })

  test("stop where a step may have been taken, and fail where not", async () => {
    const fields = { draft: true }
    const steps = [{ does: "create" as const, tag: "v1", fields }]
    const question = { ...at, steps, folder: "/nowhere" }
    github.fail(/releases$/, "lost")
    const { stopped } = await act(octokit(), question)
    expect(stopped).toMatch(/GitHub gives no answer to the step create of v1/)
    expect(github.state.releases).toHaveLength(1)
    expect(await act(octokit(), question)).toEqual({ stopped: null })
    const published = { ...question, steps: [{ ...steps[0], fields: {} }] }
    await act(octokit(), published as typeof question)
    const raced = await act(octokit(), published as typeof question)
    expect(raced.stopped).toMatch(/answers 422.*already_exists/)
    const gone = { ...question, repo: "other" }
    await expect(act(octokit(), gone)).rejects.toThrow(/Not Found/)
  }, 30_000)

  test("take no answer that broke off for an empty one", async () => {
    const { id } = (await create({ tag_name: "v1" })).json
    await upload(id, "a.txt", "abc")
    github.state.digests = false
    github.fail(/GET .*releases$/, "cut")
    github.fail(/GET .*assets$/, "cut")
    github.fail(/GET .*download/, "cut", "cut")
    const seen = await look(octokit(), { ...at, tag: "v1" })
    expect(seen.releases[0]?.assets[0]?.sha256).toMatch(/^ba7816bf/)
    github.fail(/GET .*download/, ...Array(5).fill("cut"))
    await expect(look(octokit(), { ...at, tag: "v1" })).rejects.toThrow(
      /breaks off the download of a\.txt/,
    )
    const tag = { does: "tag" as const, tag: "v9", commit, message: "v9" }
    const question = { ...at, steps: [tag], folder: "/nowhere" }
    github.fail(/git\/tags$/, "cut")
    const { stopped } = await act(octokit(), question)
    expect(stopped).toMatch(/no answer to the step tag of v9: the answer broke/)
    expect(await act(octokit(), question)).toEqual({ stopped: null })
  }, 60_000)

  test("keep each Retry-After, also where the words are not GitHub's", async () => {
    const fields = { draft: true }
    const steps = [{ does: "create" as const, tag: "v1", fields }]
    const question = { ...at, steps, folder: "/nowhere" }
    github.fail(/releases$/, "plain limit")
    const start = Date.now()
    expect(await act(octokit(), question)).toEqual({ stopped: null })
    expect(Date.now() - start).toBeGreaterThan(900)
    github.fail(/releases$/, "plain limit")
    const late = await act(octokit(0), question)
    expect(late.stopped).toMatch(/answers 429/)
    expect(github.state.releases).toHaveLength(1)
  }, 30_000)
})

test.each([
  [0, 0],
  [1, 0],
  [5, 1],
  [6, 2],
  [900, 13],
])("within %i s a read is tried again %i times", (seconds, tries) => {
  expect(triesWithin(seconds)).toBe(tries)
})

test.each([
  [{ status: 429, response: { headers: { "retry-after": "7" } } }, 7],
  [{ status: 403, response: { headers: { "retry-after": 7 } } }, 7],
  [{ status: 403, response: { headers: {} } }, null],
  [{ status: 500, response: { headers: { "retry-after": "7" } } }, null],
  [{ status: 0 }, null],
  [undefined, null],
  [
    {
      ...{ status: 403, message: "You have exceeded a secondary rate limit." },
      response: { headers: { "retry-after": "7" } },
    },
    null,
  ],
])("the pause that %j asks for is %j", (error, pause) => {
  expect(pauseOf(error)).toBe(pause)
})
