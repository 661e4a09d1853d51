import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest"
import { jobClaims } from "../../dagger/src/claims.js"
import { EVENTS, type Event } from "../actions/event.js"
import { type Run, runJobs, startRun } from "../actions/run.js"
import type { MadeName } from "../fixtures/made.js"
import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { root } from "../root.js"
import { type GitHub, startGitHub } from "../servers/github/server.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import {
  DISCORD,
  SLACK,
  startWebhooks,
  type WebhookServer,
} from "../servers/webhooks.js"
import { type Expected, stored } from "../soak/truth.js"
import { engine, succeed } from "./call.js"
import { jobVariables } from "./pypi.js"
import { attached, push, sumsOf } from "./release.js"

// A run is a dozen calls, each a process of its own.
vi.setConfig({ testTimeout: 600_000 })

let index: Pypi
let github: GitHub
let slack: WebhookServer
let discord: WebhookServer
beforeAll(async () => {
  index = await startPypi()
  for (const environment of ["testpypi", "pypi"])
    index.register("greeter", {
      ...{ owner: "octo", ownerId: "12345", repository: "greeter" },
      ...{ workflow: "deploy.yml", environment },
    })
  // As EVENTS has the job's token.
  github = await startGitHub("github-token", "octo", "greeter")
  slack = await startWebhooks(SLACK)
  discord = await startWebhooks(DISCORD)
})
afterAll(async () => {
  for (const server of [index, github, slack, discord]) await server?.stop()
})

/** What GitHub gives a job of an environment, to get an identity with. */
const identity = (environment: string) => {
  index.issuer.claims = jobClaims("octo/greeter", "deploy.yml", environment)
  const { OIDC_URL = "", OIDC_TOKEN = "" } = jobVariables(index)
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: OIDC_URL,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: OIDC_TOKEN,
  }
}

/** The environment `notifications` alone has secrets. */
const secrets = (environment: string): Record<string, string> =>
  environment === "notifications"
    ? {
        SLACK_WEBHOOK: `http://slack:${slack.port}/services/T1/B1/x`,
        DISCORD_WEBHOOK: `http://discord:${discord.port}/api/webhooks/1/x`,
      }
    : {}

/** How a workflow's `dagger call` reaches the suite's engine. */
const commands: Record<string, () => string> = {
  embedded: () => join(root, "call"),
  dagger: () => {
    const folders = (process.env.PATH ?? "").split(delimiter)
    const found = folders.find((it) => existsSync(join(it, "dagger")))
    return `${join(found ?? "", "dagger")} call --silent --mod=${root}`
  },
}

const scaffolded = async (
  name: MadeName,
  ...flags: string[]
): Promise<Repository> => {
  const repository = await project(name, { commits: 1 })
  await succeed([
    ...["scaffold", `--source=${repository.path}`],
    ...["--repository=octo/greeter", "--pythons=3.11", ...flags],
    ...["export", `--path=${repository.path}`],
  ])
  repository.commit("Add the workflow")
  return repository
}

/** A run of the project's own workflow for an event. */
const begin = (repository: Repository, event: Event): Run => {
  const file = join(repository.path, ".github/workflows/deploy.yml")
  return startRun(readFileSync(file, "utf8"), {
    ...{ event, repository: repository.path },
    sha: repository.git("rev-parse", "HEAD"),
    ...{ identity, secrets },
    dagger: {
      TEST_CALL: commands[engine]?.() ?? "",
      TEST_CALLS: join(mkdtempSync(join(tmpdir(), "calls-")), "calls"),
      TEST_PORT: String(index.port),
      TEST_GITHUB: String(github.port),
      TEST_SLACK: String(slack.port),
      TEST_DISCORD: String(discord.port),
      TEST_CERTIFICATE: index.authority.file,
      XDG_CACHE_HOME: inject("cache"),
    },
  })
}

const results = ({ jobs }: Run) =>
  Object.fromEntries(
    Object.entries(jobs).map(([id, { result, log }]) => [
      id,
      result === "failure" ? log : result,
    ]),
  )
const uploaded = (version: string) =>
  stored(index, "greeter", version).map(({ name }) => name)

/** The functions that a run called, in their order. */
const called = ({ dagger }: Run) =>
  readFileSync(dagger.TEST_CALLS ?? "", "utf8")
    .split("\n")
    .flatMap((line) => /^dagger call --mod=\S+ (\w+)/.exec(line)?.[1] ?? [])

const sum = ({ name, sha256 }: Expected): [string, string] => [name, sha256]

/** What a run's distributions hash to. */
const handedOn = ({ artifacts }: Run) =>
  new Map(
    [...sumsOf(join(artifacts, "dist"))].filter(([name]) =>
      /\.(whl|tar\.gz)$/.test(name),
    ),
  )

describe("the workflow that scaffold writes", () => {
  let repository: Repository
  beforeAll(async () => {
    repository = await scaffolded("greeter", "--notify=slack,discord")
  })

  test("rehearses a pull request from a fork, and uploads nothing", async () => {
    const run = begin(repository, EVENTS.fork)
    await runJobs(run)
    expect(results(run)).toMatchObject({
      ...{ build: "success", rehearse: "success" },
      ...{ testpypi: "skipped", pypi: "skipped", install: "skipped" },
      ...{ release: "skipped", notify: "skipped" },
    })
    const { summary = "" } = run.jobs.rehearse ?? {}
    expect(summary).toMatch(/greeter 1\.0\.1\.dev2 is published to rehearsal/)
    expect(summary).toContain(
      "gh run download 4711 --repo octo/greeter --name wheel --dir wheel",
    )
    const wheel = readdirSync(join(run.artifacts, "wheel"))
    expect(wheel).toEqual(["greeter-1.0.1.dev2-py3-none-any.whl"])
    expect(uploaded("1.0.1.dev2")).toEqual([])
  })

  test("sends a push to main to TestPyPI, once; a rerun finds it there", async () => {
    const run = begin(repository, EVENTS.main)
    await runJobs(run)
    expect(results(run)).toMatchObject({
      ...{ build: "success", testpypi: "success", install: "success" },
      ...{ rehearse: "skipped", pypi: "skipped", release: "skipped" },
      notify: "success",
    })
    expect(uploaded("1.0.1.dev2").sort()).toEqual([
      "greeter-1.0.1.dev2-py3-none-any.whl",
      "greeter-1.0.1.dev2.tar.gz",
    ])
    const title = "greeter 1.0.1.dev2 is published to "
    expect(slack.taken).toMatchObject([
      { text: expect.stringContaining(title) },
    ])
    expect(discord.taken).toHaveLength(1)
    const receipt = join(run.artifacts, "receipt/receipt.json")
    expect(JSON.parse(readFileSync(receipt, "utf8"))).toMatchObject({
      version: "1.0.1.dev2",
      files: [{ outcome: "uploaded" }, { outcome: "uploaded" }],
    })

    const again = begin(repository, EVENTS.main)
    await runJobs(again)
    expect(results(again)).toMatchObject({ testpypi: "success" })
    expect(again.jobs.testpypi?.summary).toContain("already there")
    expect(uploaded("1.0.1.dev2")).toHaveLength(2)
  })

  test("stops a job that gets other files than were tested", async () => {
    const run = begin(repository, EVENTS.main)
    await runJobs(run, ["build"])
    writeFileSync(join(run.artifacts, "dist/greeter-9.tar.gz"), "other")
    await runJobs(run)
    expect(run.jobs.testpypi).toMatchObject({
      result: "failure",
      log: expect.stringContaining("greeter-9.tar.gz"),
    })
    expect(run.jobs.install?.result).toBe("skipped")
  })

  test("runs failed jobs again, with the files of the first try", async () => {
    repository.commit("More", { "more.txt": "more" })
    const run = begin(repository, EVENTS.main)
    run.identity = () => identity("nobody-registered-this")
    await runJobs(run)
    expect(run.jobs.testpypi).toMatchObject({
      result: "failure",
      log: expect.stringContaining("invalid-publisher"),
    })
    expect(results(run)).toMatchObject({
      ...{ build: "success", install: "skipped", notify: "success" },
    })
    expect(uploaded("1.0.1.dev3")).toEqual([])
    const before = handedOn(run)

    run.identity = identity
    await runJobs(run)
    expect(results(run)).toMatchObject({
      ...{ testpypi: "success", install: "success", notify: "success" },
    })
    expect(called(run).filter((name) => name === "build")).toHaveLength(1)
    expect(new Map(stored(index, "greeter", "1.0.1.dev3").map(sum))).toEqual(
      before,
    )
  })

  test("sends a tag to PyPI, and releases it on GitHub", async () => {
    repository.tag("v1.1.0")
    push(github, repository, "v1.1.0")
    const told = slack.taken.length
    const run = begin(repository, EVENTS.tag)
    await runJobs(run)
    expect(results(run)).toMatchObject({
      ...{ build: "success", pypi: "success", install: "success" },
      ...{ rehearse: "skipped", testpypi: "skipped" },
      ...{ release: "success", notify: "success" },
    })
    expect(uploaded("1.1.0")).toContain("greeter-1.1.0.tar.gz")
    expect(github.state.releases).toMatchObject([
      { tag_name: "v1.1.0", draft: false, prerelease: false },
    ])
    expect(attached(github)).toEqual(sumsOf(join(run.artifacts, "dist")))
    expect(slack.taken).toHaveLength(told + 1)
    expect(JSON.stringify(run.jobs)).not.toContain("/services/T1/B1/x")
  })
})

test("with --trigger=release, a release made on GitHub starts it", async () => {
  const repository = await scaffolded("greeter", "--trigger=release")
  repository.commit("More", { "more.txt": "more" })
  repository.tag("v1.2.0")
  push(github, repository, "v1.2.0")
  github.state.releases = [
    {
      ...{ id: 7, tag_name: "v1.2.0", target_commitish: "main", name: "Ours" },
      ...{ body: "By hand.", draft: false, prerelease: false },
      ...{ immutable: false, assets: [] },
    },
  ]
  const event = { ...EVENTS.release, ref: "refs/tags/v1.2.0" }
  expect(() => begin(repository, { ...event, name: "push" })).toThrow(
    "push of refs/tags/v1.2.0 starts nothing.",
  )
  const run = begin(repository, event)
  await runJobs(run)
  expect(results(run)).toMatchObject({
    ...{ build: "success", pypi: "success", install: "success" },
    ...{ rehearse: "skipped", testpypi: "skipped", release: "success" },
  })
  expect(results(run)).not.toHaveProperty("notify")
  expect(uploaded("1.2.0")).toContain("greeter-1.2.0.tar.gz")
  expect(github.state.releases).toMatchObject([
    { name: "Ours", body: expect.stringMatching(/^By hand\.\n/) },
  ])
  expect(attached(github)).toEqual(sumsOf(join(run.artifacts, "dist")))
})

test("failing tests end everything, and the log has them", async () => {
  const run = begin(await scaffolded("failing-tests"), EVENTS.main)
  // The index has the other project's release of that name and version.
  const { serial } = index.holdings
  await runJobs(run)
  const { build, ...others } = results(run)
  expect(build).toMatch(/test_greeter/)
  expect(new Set(Object.values(others))).toEqual(new Set(["skipped"]))
  expect(index.holdings.serial).toBe(serial)
})
