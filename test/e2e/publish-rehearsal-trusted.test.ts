import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"

import { makeDist } from "../fixtures/distribution.js"
import { project } from "../fixtures/project.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"

const SCAFFOLDED = `on: {push: {branches: [main], tags: ["v*"]}}
permissions: {}
jobs:
  pypi:
    environment: {name: pypi, url: https://pypi.org/project/greeter/}
    permissions: {id-token: write}
    steps:
      - run: dagger call publish --dist=dist --index=pypi --oidc-request-url=env:URL --oidc-request-token=env:TOKEN
`
const REGISTERED = "octo/greeter:deploy.yml:pypi"

/** Rehearses a project with that workflow, a clone of octo/greeter. */
async function rehearse(workflow: string, ...flags: string[]) {
  const files = { ".github/workflows/deploy.yml": workflow }
  const { path } = await project("greeter", { commits: 1, files })
  const remote = '[remote "origin"]\n\turl = https://github.com/octo/greeter\n'
  writeFileSync(join(path, ".git/config"), remote, { flag: "a" })
  const skip = "--skip=install-wheel,install-sdist,extras"
  return call([
    ...["publish", `--source=${path}`, "--index=rehearsal", skip, ...flags],
  ])
}

describe("a rehearsal of trusted publishing", () => {
  test("uploads with the identity of the project's own job", async () => {
    const flags = [`--publisher=${REGISTERED}`, "--format=json"]
    const outcome = await rehearse(SCAFFOLDED, ...flags)
    expectDone(outcome)
    const { claims, files, notices } = JSON.parse(outcome.stdout)
    expect(claims).toMatchObject({
      ...{ repository: "octo/greeter", environment: "pypi" },
      job_workflow_ref: expect.stringMatching(
        /^octo\/greeter\/\.github\/workflows\/deploy\.yml@refs\/heads\//,
      ),
    })
    expect(files).toHaveLength(2)
    expect(notices.join()).not.toMatch(/token/)
  })

  test.each<[string, string, string, RegExp[]]>([
    [
      "another environment",
      SCAFFOLDED.replace("name: pypi", "name: release"),
      REGISTERED,
      [/invalid-publisher.*matching claims was not found/, /letter by letter/],
    ],
    [
      "no environment",
      SCAFFOLDED.replace(/ +environment.*\n/, ""),
      REGISTERED,
      [/The job names no environment/, /environment pypi, which is registered/],
    ],
    [
      "another workflow file",
      SCAFFOLDED,
      "octo/greeter:release.yml:pypi",
      [/workflow_filename: deploy\.yml/, /workflow release\.yml/],
    ],
    [
      "another repository",
      SCAFFOLDED,
      "somebody/greeter:deploy.yml:pypi",
      [/repository: octo\/greeter/, /No job of this project publishes as some/],
    ],
    [
      "no id-token: write",
      SCAFFOLDED.replace("{id-token: write}", "{contents: read}"),
      REGISTERED,
      [/answers 403.*permissions: id-token: write/],
    ],
    [
      "pull_request_target",
      SCAFFOLDED.replace("on: {", "on: {pull_request_target: {}, "),
      REGISTERED,
      [/'pull_request_target' is not supported/],
    ],
  ])("fails before the gates: %s", async (_what, workflow, to, words) => {
    const outcome = await rehearse(workflow, `--publisher=${to}`)
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /deploy\.yml/)
    for (const word of words) expectSentence(outcome, word)
  })

  test("links to the page that registers what the job claims", async () => {
    const outcome = await rehearse(
      SCAFFOLDED.replaceAll("pypi", "testpypi"),
      `--publisher=${REGISTERED}`,
    )
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toContain(
      "https://test.pypi.org/manage/project/greeter/settings/publishing/?provider=github&owner=octo&repository=greeter&workflow_filename=deploy.yml&environment=testpypi",
    )
  })

  test("makes the identities itself", async () => {
    const outcome = await call(
      [
        ...["publish", "--index=rehearsal", "--id-token=env:ID_TOKEN"],
        `--source=${(await project("greeter")).path}`,
      ],
      { environment: { ID_TOKEN: "e30.e30.e30" } },
    )
    expectSentence(outcome, /makes the identities .* itself/)
    expect(outcome.exitCode).toBe(1)
  })
})

describe("a rehearsal's index refuses what PyPI would, checks skipped or not", () => {
  test.each<[string, Parameters<typeof makeDist>[0], string, RegExp]>([
    [
      "a classifier",
      { name: "fake", version: "1.0", metadata: { Classifier: "No :: 1" } },
      "classifiers,twine",
      /'No :: 1' is not a valid classifier.*pypi\.org\/classifiers/,
    ],
    [
      "a name",
      { name: "asyncio", version: "1.0" },
      "reserved-name",
      /asyncio is a module of Python's standard library/,
    ],
    [
      "a summary",
      {
        ...{ name: "fake", version: "1.0" },
        metadata: { Summary: "x".repeat(513) },
      },
      "summary",
      /the summary has 513 characters/,
    ],
    [
      "a local version",
      { name: "fake", version: "1.0+local" },
      "local-version",
      /PyPI takes no local versions/,
    ],
    [
      "a wheel without RECORD",
      { name: "fake", version: "1.0", without: ["RECORD"] },
      "record,contents",
      /does not contain the required RECORD file/,
    ],
  ])("%s", async (_what, options, skip, words) => {
    const dist = await makeDist(options)
    const outcome = await call([
      ...["publish", `--dist=${dist}`, "--index=rehearsal", `--skip=${skip}`],
    ])
    expectSentence(outcome, /The index refused .* with 400/)
    expectSentence(outcome, words)
    expect(outcome.exitCode).toBe(1)
  })
})
