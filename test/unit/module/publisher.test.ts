import { describe, expect, test } from "vitest"
import {
  publishingJobs,
  readPublishers,
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

test("publishers are read as they are registered", () => {
  expect(readPublishers([])).toEqual([])
  const given = ["ada/demo:release.yml:pypi", "ada/demo:release.yaml"]
  expect(readPublishers(given)).toEqual([
    {
      ...{ owner: "ada", repository: "demo" },
      ...{ workflow: "release.yml", environment: "pypi" },
    },
    { owner: "ada", repository: "demo", workflow: "release.yaml" },
  ])
  for (const wrong of ["demo", "ada/demo", "ada/demo:dir/release.yml"])
    expect(() => readPublishers([wrong])).toThrow(/is no publisher/)
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
        upload: "https://upload.pypi.org/legacy/",
      },
    ])
  })

  test.each([
    "{uses: pypa/gh-action-pypi-publish@v1, with: {repository-url: https://test.pypi.org/legacy/}}",
    "run: dagger call publish --index=testpypi --oidc-request-url=env:URL",
  ])("uploads to TestPyPI: %s", (step) => {
    const [found] = publishingJobs("x.yml", workflow("on: push", "", step))
    expect(found?.upload).toBe("https://test.pypi.org/legacy/")
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
