import { describe, expect, test } from "vitest"
import type { PublishingJob } from "../../../dagger/src/publisher.js"
import { readPublishers } from "../../../dagger/src/publisher.js"
import { tryoutNotices, tryoutOf } from "../../../dagger/src/tryout.js"

const job: PublishingJob = {
  ...{ workflow: "release.yml", job: "release", environment: "pypi" },
  ...{ identity: true, events: ["push"] },
  upload: "https://upload.pypi.org/legacy/",
}
const run = { ref: "refs/tags/v1.0", sha: "abc" }
const tried = (
  changes: Partial<PublishingJob> = {},
  registered: string[] = ["ada/demo:release.yml:pypi"],
  repository: string | null = "Ada/demo",
) =>
  tryoutOf(
    { ...job, ...changes },
    { repository, run, publishers: readPublishers(registered) },
  )
const NOT_FOUND = "Publisher with matching claims was not found"

describe("a job claims", () => {
  test("what GitHub says of its run", () => {
    const { claims, where, upload } = tried()
    expect(where).toBe("The job release in .github/workflows/release.yml")
    expect(upload).toBe("https://upload.pypi.org/legacy/")
    expect(claims).toMatchObject({
      ...{ repository: "Ada/demo", repository_owner: "Ada" },
      ...{ environment: "pypi", event_name: "push", sha: "abc" },
      ...{ ref: "refs/tags/v1.0", ref_type: "tag" },
      job_workflow_ref: "Ada/demo/.github/workflows/release.yml@refs/tags/v1.0",
      sub: "repo:Ada/demo:environment:pypi",
    })
  })

  test("nothing without id-token: write", () => {
    expect(tried({ identity: false }).claims).toBeNull()
  })

  test("the registered repository where the project's is not known", () => {
    expect(tried({}, undefined, null).claims?.repository).toBe("ada/demo")
    expect(tried({}, [], null).claims?.repository).toBe("OWNER/REPO")
  })

  test("no event where the workflow has none", () => {
    expect(tried({ events: [] }).claims?.event_name).toBe("")
  })
})

describe("the index would say", () => {
  test.each<[Partial<PublishingJob>, string[]]>([
    [{}, ["ada/demo:release.yml:pypi"]],
    [{}, ["ada/demo:release.yml"]],
    [{}, ["ada/demo:release.yml:testpypi", "ada/demo:release.yml:pypi"]],
    [{ environment: null }, ["ada/demo:release.yml"]],
    [{}, []],
    [{ environment: null }, []],
  ])("nothing to %j with %j", (changes, registered) => {
    const { refusal, publisher } = tried(changes, registered)
    expect(refusal).toBe("")
    expect(publisher?.workflow).toBe("release.yml")
  })

  test.each<[Partial<PublishingJob>, string, string]>([
    [{ environment: "testpypi" }, "ada/demo:release.yml:pypi", NOT_FOUND],
    [{ environment: null }, "ada/demo:release.yml:pypi", NOT_FOUND],
    [{}, "ada/demo:publish.yml:pypi", NOT_FOUND],
    [{}, "eve/demo:release.yml:pypi", NOT_FOUND],
    [
      { events: ["push", "pull_request_target"] },
      "ada/demo:release.yml:pypi",
      "Publishing from a workflow invoked via 'pull_request_target' is not supported.",
    ],
  ])("no to %j with %s", (changes, registered, words) => {
    const { refusal, publisher } = tried(changes, [registered])
    expect(refusal).toBe(words)
    expect(publisher).toBeNull()
  })
})

describe("a rehearsal", () => {
  const found = (
    jobs: Partial<PublishingJob>[],
    refusals: string[],
    registered: string[] = [],
  ) => {
    const publishers = readPublishers(registered)
    const request = { repository: "ada/demo", run, publishers }
    const tryouts = jobs.map((it) => tryoutOf({ ...job, ...it }, request))
    return tryoutNotices(tryouts, refusals, publishers)
  }

  test("has nothing to say where every job gets a token", () => {
    expect(found([{}], [""])).toEqual([])
    expect(found([{}], [""], ["ada/demo:release.yml:pypi"])).toEqual([])
  })

  test("gives notice where no publisher was told", () => {
    const [first, second] = found(
      [{ environment: null, events: ["workflow_call"] }],
      [""],
    )
    expect(first).toMatch(/names no environment/)
    expect(second).toMatch(/called by another workflow/)
    expect(found([{ identity: false }], ["It says no."])).toEqual([
      "The job release in .github/workflows/release.yml would get no token. It says no.",
    ])
    expect(found([], [])).toEqual([])
  })

  test("gives notice of a job beside the one that is registered", () => {
    const jobs = [{}, { job: "test", environment: "testpypi" }]
    const registered = ["ada/demo:release.yml:pypi"]
    expect(found(jobs, ["", "No."], registered)).toEqual([
      "The job test in .github/workflows/release.yml would get no token. No.",
    ])
  })

  test.each<[Partial<PublishingJob>[], string[], string, RegExp]>([
    [[{ environment: "p" }], ["No."], "ada/demo:release.yml:pypi", /token. No/],
    [[], [], "ada/demo:release.yml:pypi", /No job .* environment pypi, which/],
    [[], [], "ada/demo:release.yml", /release.yml, no environment, which/],
    [
      [{ events: ["workflow_call"] }],
      [""],
      "ada/demo:release.yml:pypi",
      /called by another/,
    ],
  ])("fails: %j, %j with %s", (jobs, refusals, registered, words) => {
    expect(() => found(jobs, refusals, [registered])).toThrow(words)
  })
})
