import { execFileSync } from "node:child_process"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"

import type { Rollback } from "../../dagger/src/rollback/decide.js"
import { type GitHub, startGitHub } from "../servers/github/server.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import { call } from "./call.js"
import { build } from "./dist.js"
import { expectDone, expectSentence } from "./expect.js"
import { MANY_CALLS } from "./patience.js"
import { publishTo } from "./publish.js"
import { type Built, built } from "./release.js"

vi.setConfig({ testTimeout: MANY_CALLS })

const token = "ghs_c4n4ry9876543210"
let index: PypiServer
let github: GitHub
let one: Built

beforeAll(async () => {
  index = await startPypiserver()
  github = await startGitHub(token)
  one = await built("v1.1.0", async (source) => (await build(source)).folder)
  const { repository } = one
  const publish = (folder: string) =>
    publishTo({ port: index.port }, `--dist=${folder}`)
  expectDone(await publish(one.dist))
  repository.commit("feat: break it", { c: "1" })
  repository.tag("v1.2.0")
  expectDone(await publish((await build(repository.path)).folder))
  const release = { target_commitish: "main", name: "", body: "" }
  const published = { draft: false, prerelease: false, immutable: false }
  github.state.releases.push(
    { ...release, ...published, id: 2, tag_name: "v1.2.0", assets: [] },
    { ...release, ...published, id: 1, tag_name: "v1.1.0", assets: [] },
  )
  github.state.latest = 2
})
afterAll(() => Promise.all([index?.stop(), github?.stop()]))

function rollback(version: string, ...flags: string[]) {
  const args = [
    ...["rollback", `--source=${one.repository.path}`],
    ...[`--version=${version}`, `--index=http://index:${index.port}/`],
    `--index-service=tcp://127.0.0.1:${index.port}`,
    ...["--repository=me/demo", "--token=env:GITHUB_TOKEN", "--deadline=60"],
    `--api=http://github:${github.port}`,
    `--api-service=tcp://127.0.0.1:${github.port}`,
  ]
  const environment = { GITHUB_TOKEN: token }
  return call([...args, ...flags], { environment })
}

describe("rollback", () => {
  test("shows its plan, and changes nothing", async () => {
    const outcome = await rollback("1.2.0")
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/last good +1\.1\.0/)
    expect(outcome.stdout).toMatch(/GitHub release v1\.2\.0 a draft.*--apply/)
    expect(outcome.stdout).toMatch(/Yank greeter 1\.2\.0.*no API/)
    expect(outcome.stdout).toMatch(/code is wrong: v1\.2\.1\n\n {4}git revert/)
    expect(outcome.stdout).toMatch(/git tag v1\.2\.0\.post1/)
    expect(github.requests.filter((it) => !it.startsWith("GET"))).toEqual([])
  })

  test("does it with --apply, and once", async () => {
    github.fail(/^PATCH/, "lost")
    const outcome = await rollback("1.2.0", "--apply", "--format=json")
    expectDone(outcome)
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      ...{ schema: "pypi-deploy/rollback/1", state: "whole", good: "1.1.0" },
      ...{ problem: null, steps: [{ done: true }, { done: true }] },
    })
    expect(github.state.latest).toBe(1)
    expect(github.state.releases.map((it) => it.draft)).toEqual([true, false])
    const writes = github.requests.filter((it) => !it.startsWith("GET"))
    const again = await rollback("1.2.0", "--apply")
    expectDone(again)
    expect(again.stdout).toMatch(/is rolled back.*\n(.*\n)*.*nothing was left/)
    expect(github.requests.filter((it) => !it.startsWith("GET"))).toEqual(
      writes,
    )
    expect(outcome.stdout + outcome.stderr).not.toContain(token)
  })

  test("prepares the release that mends it, with its notes", async () => {
    const { repository } = one
    const bad = repository.git("rev-parse", "v1.2.0^{commit}")
    repository.git("revert", "--no-edit", bad)
    const revert = repository.git("rev-parse", "--short=9", "HEAD")
    repository.commit("feat: another door", { d: "1" })
    const outcome = await rollback("1.2.0", "--format=json")
    expectDone(outcome)
    const { forward } = JSON.parse(outcome.stdout) as Rollback
    expect(forward[1]).toEqual({
      ...{ tag: "v1.2.1", when: "Where the code is wrong" },
      commands: [
        "git switch -c mend-v1.2.1 v1.2.0",
        `git cherry-pick ${revert}`,
        "git tag v1.2.1 && git push origin v1.2.1",
      ],
      notes: expect.stringMatching(
        /^Replaces 1\.2\.0, .*\n\n### \w+\n\n- Revert "feat: break it" \(\[\w{9}\]\(http:\/\/github:\d+\/me\/demo\/commit\/\w+\)\)$/,
      ),
    })
    // The commands do what they say, of whoever has a name.
    repository.git("config", "user.name", "Ada Example")
    repository.git("config", "user.email", "ada@example.org")
    const run = ["-ec", forward[1]?.commands.slice(0, 2).join("\n") ?? ""]
    execFileSync("sh", run, { cwd: repository.path, stdio: "pipe" })
    expect(repository.git("ls-files")).not.toMatch(/^[cd]$/m)
    repository.git("switch", "--quiet", "-")
  })

  test("tells a half-published release from a bad one", async () => {
    const { repository } = one
    repository.tag("v1.3.0")
    const { folder } = await build(repository.path)
    const flags = [`--dist=${folder}`, "--sdist-only"]
    expectDone(await publishTo({ port: index.port }, ...flags))
    const whole = await rollback("1.3.0", "--apply")
    expectDone(whole)
    expect(whole.stdout).toMatch(/release +whole/)
    const names = await rollback("1.3.0", `--dist=${folder}`)
    expect(names.stdout).toMatch(/half published: to be completed/)
    expect(names.stdout).toMatch(/lacks greeter-1\.3\.0-py3-none-any\.whl/)
    const half = await rollback("1.3.0", `--dist=${folder}`, "--apply")
    expect(half.exitCode).toBe(1)
    expectSentence(half, /Nothing was rolled back, as .* is half published/)
  })

  test("says that no good release is before the first", async () => {
    const outcome = await rollback("1.1.0")
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/last good +none/)
  })
})
