import { describe, expect, test } from "vitest"
import {
  type Claims,
  jobClaims,
  NoPublisherError,
  type Publisher,
  publisherOf,
} from "../../../dagger/src/claims.js"

const publisher: Publisher = {
  ...{ owner: "ada", repository: "demo", workflow: "release.yml" },
}
const claims = {
  ...jobClaims("ada/demo", "release.yml", "pypi"),
  jti: "one",
}
const with_ = (changes: Partial<Publisher>) => ({ ...publisher, ...changes })

describe("claims are of a publisher", () => {
  test.each<Partial<Publisher>>([
    {},
    { environment: "PyPI" },
    { ownerId: "12345" },
    { owner: "Ada" },
  ])("registered with %j", (changes) => {
    const registered = with_(changes)
    expect(publisherOf([registered], claims)).toBe(registered)
  })

  test("and of the one with an environment before the one for any", () => {
    const bound = with_({ environment: "pypi" })
    expect(publisherOf([publisher, bound], claims)).toBe(bound)
  })
})

test.each<[Partial<Publisher>, Claims, RegExp]>([
  [{}, { jti: undefined }, /Missing claim 'jti'/],
  [{ environment: "test" }, {}, /was not found/],
  [{ ownerId: "7" }, {}, /was not found/],
  [{}, { event_name: "pull_request_target" }, /pull_request_target/],
  [
    {},
    { job_workflow_ref: "ada/demo/.github/workflows/release.yml@refs/x" },
    /expecting one of \['ada\/demo.*', '.*'\], got '.*@refs\/x'/,
  ],
  [{}, { job_workflow_ref: "" }, /was not found/],
])("a publisher with %j is not theirs: %j", (changes, more, words) => {
  const look = () => publisherOf([with_(changes)], { ...claims, ...more })
  expect(look).toThrow(NoPublisherError)
  expect(look).toThrow(words)
})

test("a job in no environment claims its ref", () => {
  const run = { ref: "refs/tags/v1", sha: "abc", event: "release" }
  const said = jobClaims("ada/demo", "release.yml", undefined, run)
  expect(said).toMatchObject({
    ...{ sub: "repo:ada/demo:ref:refs/tags/v1", ref_type: "tag" },
    ...{ sha: "abc", event_name: "release" },
  })
  expect(said.environment).toBeUndefined()
})
