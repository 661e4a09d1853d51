import { describe, expect, test } from "vitest"
import {
  type PublishingJob,
  publisherProblems,
  publishingJobs,
  readPublisher,
  repositoryOf,
} from "../../../dagger/src/publisher.js"

const RUN =
  "./call publish --dist=dist \\\n            --oidc-request-url=env:URL"

const workflow = (
  head: string,
  job: string,
  step = `run: |\n            ${RUN}`,
) =>
  `${head}\njobs:\n  release:\n${job}\n    steps:\n      - uses: actions/checkout@v5\n      - ${step}\n`

test("a publisher is read as it is registered", () => {
  expect(readPublisher("")).toBeNull()
  expect(readPublisher("ada/demo:release.yml:pypi")).toEqual({
    repository: "ada/demo",
    workflow: "release.yml",
    environment: "pypi",
  })
  expect(readPublisher("ada/demo:release.yaml")?.environment).toBeNull()
  for (const wrong of ["demo", "ada/demo", "ada/demo:dir/release.yml"])
    expect(() => readPublisher(wrong)).toThrow(/is no publisher/)
})

test.each([
  ["url = git@github.com:ada/demo.git", "ada/demo"],
  ["url = https://github.com/ada/demo", "ada/demo"],
  ["url = https://example.com/ada/demo", null],
  ["", null],
])("%j is of %s", (config, repository) => {
  expect(repositoryOf(`[remote "origin"]\n\t${config}\n`)).toBe(repository)
})

describe("a job that publishes", () => {
  test("is found with what it will claim", () => {
    const head = "on:\n  push:\n    tags: [v*]"
    const job = "    environment: pypi\n    permissions: {id-token: write}"
    expect(publishingJobs("release.yml", workflow(head, job))).toEqual([
      {
        ...{ workflow: "release.yml", job: "release", environment: "pypi" },
        ...{ identity: true, events: ["push"] },
      },
    ])
  })

  test("has its environment by name, and permissions of the workflow", () => {
    const head = "on: [push, workflow_call]\npermissions: write-all"
    const job = "    environment: {name: testpypi, url: x}"
    const action = "uses: pypa/gh-action-pypi-publish@v1"
    const [found] = publishingJobs("x.yml", workflow(head, job, action))
    expect(found).toMatchObject({ environment: "testpypi", identity: true })
    expect(found?.events).toEqual(["push", "workflow_call"])
  })

  test("may have neither", () => {
    const job = "    permissions: {contents: read}"
    const [found] = publishingJobs("x.yml", workflow("on: push", job))
    expect(found).toMatchObject({ environment: null, identity: false })
  })

  test.each([
    "a: [",
    "just text",
    "jobs: {build: {steps: [{run: make}]}}",
    "jobs: {release: {uses: ./.github/workflows/publish.yml}}",
  ])("is not in %j", (yaml) => {
    expect(publishingJobs("x.yml", yaml)).toEqual([])
  })
})

describe("an index would refuse", () => {
  const job: PublishingJob = {
    ...{ workflow: "release.yml", job: "release", environment: "pypi" },
    ...{ identity: true, events: ["push"] },
  }
  const problems = (
    changes: Partial<PublishingJob>,
    publisher = "ada/demo:release.yml:pypi",
    repository: string | null = "Ada/demo",
  ) =>
    publisherProblems(
      { ...job, ...changes },
      repository,
      readPublisher(publisher),
    )

  test("nothing where all is as registered", () => {
    expect(problems({})).toEqual([])
    expect(problems({}, "")).toEqual([])
    expect(problems({ environment: null }, "ada/demo:release.yml")).toEqual([])
    expect(problems({}, "ada/demo:release.yml:pypi", null)).toEqual([])
  })

  test.each<[Partial<PublishingJob>, string, RegExp]>([
    [{ identity: false }, "ada/demo:release.yml:pypi", /id-token: write/],
    [{ environment: null }, "", /names no environment/],
    [
      { environment: "testpypi" },
      "ada/demo:release.yml:pypi",
      /environment testpypi, and .* registered with pypi/,
    ],
    [
      { environment: null },
      "ada/demo:release.yml:pypi",
      /in no environment, and/,
    ],
    [{}, "ada/demo:release.yml", /environment pypi, and .* with none/],
    [{}, "ada/demo:publish.yml:pypi", /registered for publish\.yml/],
    [{}, "eve/demo:release.yml:pypi", /repository is Ada\/demo/],
    [{ events: ["workflow_call"] }, "", /called by another workflow/],
    [{ events: ["pull_request_target"] }, "", /pull_request_target/],
  ])("%j with %j", (changes, publisher, words) => {
    const found = problems(changes, publisher)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(words)
  })
})
