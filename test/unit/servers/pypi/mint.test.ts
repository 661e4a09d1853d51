import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { type Claims, jobClaims } from "../../../../dagger/src/claims.js"
import type { Signing } from "../../../servers/pypi/issuer.js"
import { type Pypi, startPypi } from "../../../servers/pypi/start.js"
import { visit } from "../../../servers/visit.js"
import { post, reasonOf } from "./posting.js"

const publisher = {
  owner: "example",
  ownerId: "12345",
  repository: "greeter",
  workflow: "publish.yml",
}
const claims = jobClaims("example/greeter", "publish.yml", "pypi")

let index: Pypi
beforeAll(async () => {
  index = await startPypi()
  index.register("greeter", { ...publisher, environment: "pypi" })
})
afterAll(() => index.stop())

const ask = async (path: string, body?: string, authorization?: string) => {
  const answer = await visit(index.url + path, {
    ca: index.authority.pem,
    ...(body !== undefined && { method: "POST", body }),
    ...(authorization !== undefined && { headers: { authorization } }),
  })
  return { status: answer.status, json: JSON.parse(answer.body.toString()) }
}
const mint = (token: unknown) =>
  ask("/_/oidc/mint-token", JSON.stringify({ token }))
const signed = async (changes: Claims = {}, signing: Signing = {}) =>
  mint(await index.issuer.sign({ ...claims, ...changes }, signing))
const refusal = (code: string, description: string) => ({
  status: 422,
  json: {
    message: "Token request failed",
    errors: [{ code, description }],
  },
})
const noPublisher = (why: string) =>
  refusal(
    "invalid-publisher",
    `valid token, but no corresponding publisher (${why})`,
  )

test("the audience is told, unless trusted publishing is off", async () => {
  expect(await ask("/_/oidc/audience")).toEqual({
    status: 200,
    json: { audience: "pypi" },
  })
  index.switches.oidc = false
  const off = await ask("/_/oidc/audience")
  index.switches.oidc = true
  expect(off).toEqual({
    status: 403,
    json: { message: "Trusted publishing functionality not enabled" },
  })
})

describe("the issuer gives a token", () => {
  const path = "/actions/id-token?api-version=2.0&audience=pypi"

  test("for the audience, to whoever has the job's", async () => {
    index.issuer.claims = claims
    const bearer = `bearer ${index.issuer.requestToken}`
    const { status, json } = await ask(path, undefined, bearer)
    expect(status).toBe(200)
    expect((await mint(json.value)).status).toBe(200)
  })

  test("to nobody else", async () => {
    expect((await ask(path, undefined, "bearer other")).status).toBe(401)
  })

  test("with keys that it publishes", async () => {
    const { json } = await ask("/actions/.well-known/openid-configuration")
    expect(json.issuer).toBe(index.issuer.url)
    const keys = await ask("/actions/.well-known/jwks")
    expect(keys.json.keys[0]).toMatchObject({ kty: "RSA", alg: "RS256" })
    expect(keys.json.keys[0].d).toBeUndefined()
  })
})

describe("a minted token", () => {
  test("uploads several files of the publisher's project, for 15 minutes", async () => {
    const { status, json } = await signed()
    expect(status).toBe(200)
    expect(json.expires - Date.now() / 1000).toBeGreaterThan(890)
    const { token } = json
    const wheel = await post(index, { name: "greeter", token })
    const sdist = await post(index, { name: "greeter", kind: "sdist", token })
    expect([wheel.status, sdist.status]).toEqual([200, 200])
    index.later(901)
    const late = await post(index, { name: "greeter", version: "2.0", token })
    index.later(-901)
    expect(reasonOf(late)).toContain("token is expired")
  })

  test("is good for as long as the test says", async () => {
    index.switches.mintedSeconds = 60
    const { json } = await signed()
    index.switches.mintedSeconds = 900
    expect(json.expires - Date.now() / 1000).toBeLessThan(61)
  })

  test("takes attestations", async () => {
    const { token } = (await signed()).json
    const fields = { attestations: "[]" }
    const answer = await post(index, {
      ...{ name: "greeter", version: "3.0", token, fields },
    })
    expect(answer.status).toBe(200)
  })

  test("is for no other project, and for no new one", async () => {
    index.project("other")
    const { token } = (await signed()).json
    const other = await post(index, { name: "other", token })
    expect([other.status, reasonOf(other)]).toEqual([
      403,
      expect.stringContaining(
        "Invalid API Token: OIDC scoped token is not valid for project 'other'",
      ),
    ])
    const fresh = await post(index, { name: "fresh", token })
    expect([fresh.status, reasonOf(fresh)]).toEqual([
      400,
      expect.stringContaining(
        "Non-user identities cannot create new projects.",
      ),
    ])
  })

  test("is not for a quarantined project", async () => {
    const project = index.project("greeter")
    const { token } = (await signed()).json
    project.status = "quarantined"
    const answer = await post(index, { name: "greeter", version: "4", token })
    project.status = "active"
    expect(reasonOf(answer)).toContain(
      "The given token isn't allowed to upload to project 'greeter'.",
    )
  })
})

describe("minting is refused for", () => {
  test.each(["no JWT", "a.b.c", ""])("the token %o", async (token) => {
    expect(await mint(token)).toEqual(
      refusal("invalid-payload", "malformed JWT"),
    )
  })

  test("another issuer", async () => {
    const other = await startPypi()
    const token = await other.issuer.sign(claims)
    await other.stop()
    expect(await mint(token)).toEqual(
      refusal("invalid-payload", "unknown trusted publishing issuer"),
    )
  })

  const now = Math.floor(Date.now() / 1000)
  test.each<[string, Signing]>([
    ["another audience", { audience: "testpypi" }],
    ["a list of audiences", { audience: ["pypi", "testpypi"] }],
    ["an expired token", { issued: now - 340, lifetime: 300 }],
    ["one from the future", { issued: now + 120 }],
    ["an unknown key", { keyId: "other" }],
    ["another's signature", { foreignKey: true }],
  ])("%s", async (_what, signing) => {
    expect(await signed({}, signing)).toEqual(
      refusal("invalid-token", "malformed or invalid token"),
    )
  })

  test.each<[string, Claims]>([
    ["another repository", { repository: "example/other" }],
    [
      "another workflow",
      {
        job_workflow_ref:
          "example/greeter/.github/workflows/ci.yml@refs/heads/main",
      },
    ],
    ["another environment", { environment: "testpypi" }],
    ["no environment", { environment: undefined }],
    ["an owner that came back", { repository_owner_id: "999" }],
  ])("%s", async (_what, changes) => {
    expect(await signed(changes)).toEqual(
      noPublisher("Publisher with matching claims was not found"),
    )
  })

  test("a claim that is missing", async () => {
    expect(await signed({ ref: undefined })).toEqual(
      noPublisher("Missing claim 'ref'"),
    )
  })

  test("pull_request_target", async () => {
    expect(await signed({ event_name: "pull_request_target" })).toEqual(
      noPublisher(
        "Publishing from a workflow invoked via 'pull_request_target' is not supported.",
      ),
    )
  })

  test("a reusable workflow of another repository, or at another ref", async () => {
    const file = "example/greeter/.github/workflows/publish.yml"
    const found = `${file}@refs/heads/other`
    expect(await signed({ job_workflow_ref: found })).toEqual(
      noPublisher(
        `The job_workflow_ref claim does not match, expecting one of ['${file}@refs/heads/main', '${file}@${claims.sha}'], got '${found}'`,
      ),
    )
  })

  test("a token that was used", async () => {
    const token = await index.issuer.sign(claims)
    expect((await mint(token)).status).toBe(200)
    expect(await mint(token)).toEqual(
      refusal("invalid-reuse-token", "invalid token: already used"),
    )
  })

  test("GitHub where it is switched off", async () => {
    index.switches.github = false
    const answer = await signed()
    index.switches.github = true
    expect(answer).toEqual(
      refusal(
        "not-enabled",
        "github trusted publishing functionality not enabled",
      ),
    )
  })
})

describe("a pending publisher", () => {
  const pending = {
    ...{ ...publisher, repository: "fresh", user: "uploader" },
    project: "Fresh.Project",
  }
  const fresh = jobClaims("example/fresh", "publish.yml")

  test("makes the project when it mints, and its first upload goes in", async () => {
    index.registerPending(pending)
    const { status, json } = await mint(await index.issuer.sign(fresh))
    expect(status).toBe(200)
    expect(
      (
        await visit(`${index.url}/simple/fresh-project/`, {
          ca: index.authority.pem,
        })
      ).status,
    ).toBe(200)
    expect(
      (
        await visit(`${index.url}/pypi/fresh-project/1.0/json`, {
          ca: index.authority.pem,
        })
      ).status,
    ).toBe(404)
    const name = "Fresh.Project"
    const answer = await post(index, { name, token: json.token })
    expect(answer.status).toBe(200)
    expect((await mint(await index.issuer.sign(fresh))).status).toBe(200)
  })

  test("is refused where somebody made the project meanwhile", async () => {
    index.registerPending({ ...pending, repository: "late", project: "late" })
    index.project("late", "somebody")
    const token = await index.issuer.sign(
      jobClaims("example/late", "publish.yml"),
    )
    expect(await mint(token)).toEqual(
      refusal(
        "invalid-pending-publisher",
        "valid token, but project already exists",
      ),
    )
  })
})
