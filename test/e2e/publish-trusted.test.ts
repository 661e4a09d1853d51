import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Claims, jobClaims } from "../../dagger/src/claims.js"
import { makeDist } from "../fixtures/distribution.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import { stored } from "../soak/truth.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"
import { indexFlags, placeOf } from "./place.js"
import { publishTrusted, receiptOf } from "./pypi.js"

const publisher = {
  ...{ owner: "example", ownerId: "12345", repository: "greeter" },
  ...{ workflow: "publish.yml", environment: "pypi" },
}
const claims = jobClaims("example/greeter", "publish.yml", "pypi")

let index: Pypi
let dist: string
beforeAll(async () => {
  index = await startPypi()
  index.register("trusty", publisher)
  dist = await makeDist({ name: "trusty", version: "1.0" })
})
afterAll(() => index?.stop())

const publish = (said: Claims, ...flags: string[]) => {
  index.issuer.claims = said
  return publishTrusted(index, placeOf(index), `--dist=${dist}`, ...flags)
}
const minted = () =>
  index.log.filter((it) => it.startsWith("POST /_/oidc/mint-token 200")).length

describe("publish as a job of GitHub Actions", () => {
  test("mints one token for all files, and none when nothing is to do", async () => {
    const receipt = receiptOf(await publish(claims, "--format=json"))
    expect(receipt.files.map((it) => it.outcome)).toEqual([
      ...["uploaded", "uploaded"],
    ])
    expect(stored(index, "trusty", "1.0")).toEqual(
      expect.arrayContaining(
        receipt.files.map(({ name, sha256 }) => ({ name, sha256 })),
      ),
    )
    expect(minted()).toBe(1)
    const again = receiptOf(await publish(claims, "--format=json"))
    expect(again.files.map((it) => it.outcome)).toEqual([
      ...["already there", "already there"],
    ])
    expect(minted()).toBe(1)
  })

  test("makes a project by its pending publisher", async () => {
    const fresh = await makeDist({ name: "fresh-one", version: "0.1" })
    index.registerPending({
      ...{ ...publisher, repository: "fresh" },
      ...{ project: "fresh-one", user: "uploader" },
    })
    index.issuer.claims = jobClaims("example/fresh", "publish.yml", "pypi")
    const place = placeOf(index)
    expectDone(await publishTrusted(index, place, `--dist=${fresh}`))
    expect(stored(index, "fresh-one", "0.1")).toHaveLength(2)
  })

  test("takes an ID token that was given, and says when it was used", async () => {
    const other = await makeDist({ name: "trusty", version: "1.1" })
    const id = await index.issuer.sign(claims)
    const give = (folder: string) =>
      call(
        [
          ...["publish", ...indexFlags(placeOf(index)), `--dist=${folder}`],
          ...["--id-token=env:ID_TOKEN", "--attestations=off"],
        ],
        { environment: { ID_TOKEN: id } },
      )
    expectDone(await give(other))
    const next = await makeDist({ name: "trusty", version: "1.2" })
    const outcome = await give(next)
    expectSentence(outcome, /already used/)
    expect(outcome.stderr).not.toContain(id)
    expect(outcome.exitCode).toBe(1)
  })
})

describe("a refused exchange is explained", () => {
  let later: string
  beforeAll(async () => {
    later = await makeDist({ name: "trusty", version: "2.0" })
  })
  const refused = async (said: Claims) => {
    index.issuer.claims = said
    const outcome = await publishTrusted(
      ...([index, placeOf(index), `--dist=${later}`] as const),
    )
    expect(outcome.exitCode).toBe(1)
    expect(stored(index, "trusty", "2.0")).toEqual([])
    return outcome
  }

  test.each<[string, Claims, RegExp[]]>([
    [
      "another environment",
      { ...claims, environment: "testpypi" },
      [/invalid-publisher/, /testpypi/, /environment/],
    ],
    [
      "no environment",
      { ...claims, environment: undefined },
      [/invalid-publisher/, /environment/],
    ],
    [
      "another workflow file",
      {
        ...claims,
        job_workflow_ref:
          "example/greeter/.github/workflows/ci.yml@refs/heads/main",
      },
      [/invalid-publisher/, /ci\.yml/, /workflow/],
    ],
    [
      "another repository",
      { ...claims, repository: "somebody/fork" },
      [/invalid-publisher/, /somebody\/fork/],
    ],
    [
      "a reusable workflow",
      {
        ...claims,
        job_workflow_ref:
          "shared/flows/.github/workflows/publish.yml@refs/heads/main",
        workflow_ref:
          "example/greeter/.github/workflows/publish.yml@refs/heads/main",
      },
      [/invalid-publisher/, /reusable/],
    ],
    [
      "pull_request_target",
      { ...claims, event_name: "pull_request_target" },
      [/invalid-publisher/, /pull_request_target/],
    ],
    [
      "a missing claim",
      { ...claims, ref: undefined },
      [/invalid-publisher/, /Missing claim 'ref'/],
    ],
  ])("%s", async (_what, said, words) => {
    const outcome = await refused(said)
    for (const word of words) expectSentence(outcome, word)
    // What to register; where to do so is known of PyPI's own servers only.
    expect(outcome.stderr).toContain("workflow_filename: ")
    expect(outcome.stderr).not.toContain(index.issuer.requestToken)
  })

  test("trusted publishing that is switched off", async () => {
    index.switches.oidc = false
    const outcome = await refused(claims)
    index.switches.oidc = true
    expectSentence(outcome, /trusted publishing/i)
  })

  test("GitHub that is switched off", async () => {
    index.switches.github = false
    const outcome = await refused(claims)
    index.switches.github = true
    expectSentence(outcome, /github trusted publishing functionality/i)
  })

  test("a project that somebody made meanwhile", async () => {
    index.registerPending({
      ...{ ...publisher, repository: "late" },
      ...{ project: "trusty", user: "uploader" },
    })
    const said = jobClaims("example/late", "publish.yml", "pypi")
    const outcome = await refused(said)
    index.holdings.pending.length = 0
    expectSentence(outcome, /project already exists/)
  })

  test("a job without id-token: write", async () => {
    const outcome = await call(
      [
        ...["publish", ...indexFlags(placeOf(index)), `--dist=${later}`],
        "--oidc-request-url=env:OIDC_URL",
        "--oidc-request-token=env:OIDC_TOKEN",
      ],
      {
        environment: {
          OIDC_URL: `https://index:${index.port}/actions/id-token?a=b`,
          OIDC_TOKEN: "not-this-job",
        },
      },
    )
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /id-token: write/)
  })
})

test("--dry-run shows the claims, mints nothing and uploads nothing", async () => {
  const next = await makeDist({ name: "trusty", version: "3.0" })
  const before = minted()
  index.issuer.claims = claims
  const outcome = await publishTrusted(
    ...([index, placeOf(index), `--dist=${next}`, "--dry-run"] as const),
  )
  expectDone(outcome)
  expect(outcome.stdout + outcome.stderr).toContain("publish.yml")
  expect(minted()).toBe(before)
  expect(stored(index, "trusty", "3.0")).toEqual([])
})

describe("attestations", () => {
  test("that are required and cannot be made leave nothing uploaded", async () => {
    const next = await makeDist({ name: "trusty", version: "4.0" })
    index.issuer.claims = claims
    // No such issuer is known to Sigstore, where it is to be reached at all.
    const outcome = await publishTrusted(
      ...([index, placeOf(index), `--dist=${next}`] as const),
      "--attestations=required",
    )
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /Nothing is signed: Sigstore cannot sign now/)
    expectSentence(outcome, /--attestations=best_effort/)
    expect(stored(index, "trusty", "4.0")).toEqual([])
  })

  test("that a run before left behind are passed over", async () => {
    const next = await makeDist({ name: "trusty", version: "4.1" })
    for (const file of readdirSync(next))
      writeFileSync(join(next, `${file}.publish.attestation`), "{}")
    index.issuer.claims = claims
    const flags = [`--dist=${next}`, "--format=json", "--ref=refs/tags/v4.1"]
    const receipt = receiptOf(
      await publishTrusted(index, placeOf(index), ...flags),
    )
    expect(receipt.files.map((it) => it.outcome)).toEqual([
      ...["uploaded", "uploaded"],
    ])
    expect(receipt.ref).toBe("refs/tags/v4.1")
    expect(stored(index, "trusty", "4.1")).toHaveLength(2)
  })
})
