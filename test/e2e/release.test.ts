import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
} from "vitest"

import { RECEIPT } from "../fixtures/receipt.js"
import { type GitHub, startGitHub } from "../servers/github/server.js"
import { call } from "./call.js"
import { build } from "./dist.js"
import { expectDone, expectSentence } from "./expect.js"
import { MANY_CALLS } from "./patience.js"
import { attached, type Built, built, push, releaseArgs } from "./release.js"

vi.setConfig({ testTimeout: MANY_CALLS })

const canary = "ghs_c4n4ry0123456789abcdef"
const environment = { GITHUB_TOKEN: canary }

let one: Built
let github: GitHub
beforeAll(async () => {
  one = await built("v1.1.0", async (source) => (await build(source)).folder)
})
beforeEach(async () => {
  github = await startGitHub(canary)
})
afterEach(() => github.stop())

const release = (...flags: string[]) =>
  call(releaseArgs(github, one, "--deadline=300", ...flags), { environment })

/** The one release of the double. */
function only({ state }: GitHub) {
  expect(state.releases).toHaveLength(1)
  const [found] = state.releases
  if (found === undefined) throw new Error("there is no release")
  return found
}

describe("release", () => {
  test("is made once, whole, and a rerun changes nothing", async () => {
    push(github, one.repository, "v1.1.0")
    const outcome = await release()
    expectDone(outcome)
    const made = only(github)
    expect(attached(github)).toEqual(one.files)
    expect(made).toMatchObject({
      ...{ tag_name: "v1.1.0", name: "v1.1.0", prerelease: false },
    })
    expect(github.state.latest).toBe(made.id)
    expect(made.body).toContain("- Greet in Latin ([#3]")
    expect(made.body).toContain("    pip install greeter==1.1.0")
    const server = `http://github:${github.port}/me/demo/`
    expect(made.body).toContain(`(${server}pull/3)`)
    for (const [name, sum] of one.files)
      expect(made.body).toContain(`| \`${name}\` | \`${sum}\` |`)
    // Nobody saw it before every file was up.
    const published = github.requests.findIndex((it) => it.startsWith("PATCH"))
    expect(
      github.requests.slice(published).filter((it) => it.startsWith("POST")),
    ).toEqual([])
    const before = JSON.stringify(made)
    const writes = github.requests.filter((it) => !it.startsWith("GET"))
    const again = await release("--format=json")
    expect(JSON.parse(again.stdout)).toMatchObject({
      ...{ schema: "pypi-deploy/release/1", outcome: "unchanged" },
      latest: true,
    })
    expect(JSON.stringify(only(github))).toBe(before)
    expect(github.requests.filter((it) => !it.startsWith("GET"))).toEqual(
      writes,
    )
    const printed = outcome.stdout + outcome.stderr + again.stdout
    expect(printed).not.toContain(canary)
    expect(made.body).not.toContain(canary)
  })

  test("is completed after limits, faults and half-uploaded files", async () => {
    push(github, one.repository, "v1.1.0")
    github.fail(/^GET .*releases$/, "secondary limit", "broken")
    github.fail(/^POST .*repos.*\/releases$/, "lost")
    github.fail(/^POST .*assets$/, "half", "primary limit", "lost", "reset")
    github.fail(/^PATCH/, "lost")
    expectDone(await release())
    expect(only(github).draft).toBe(false)
    expect(attached(github)).toEqual(one.files)
  })

  test("made by hand is completed, and its text stays", async () => {
    push(github, one.repository, "v1.1.0")
    const [name = ""] = one.files.keys()
    github.state.releases.push({
      ...{ id: 7, tag_name: "v1.1.0", target_commitish: "main", name: "Ours" },
      ...{ body: "By hand.", draft: false, prerelease: true, immutable: false },
      assets: [
        { id: 8, name, state: "starter", bytes: Buffer.alloc(0) },
        {
          ...{ id: 9, name: "extra.txt", state: "uploaded" },
          bytes: Buffer.from("x"),
        },
      ],
    })
    const outcome = await release()
    expectDone(outcome)
    expect(outcome.stdout).toMatch(/extra\.txt is on the release and not in/)
    expect(outcome.stdout).toContain("uploaded again")
    expect(only(github)).toMatchObject({ name: "Ours", prerelease: false })
    expect(only(github).body).toMatch(/^By hand\.\n\n<!-- pypi-deploy -->/)
    const files = attached(github)
    files.delete("extra.txt")
    expect(files).toEqual(one.files)
  })

  test("stops at other bytes, and names both", async () => {
    push(github, one.repository, "v1.1.0")
    const [[name = "", sum = ""] = []] = one.files
    github.state.digests = false
    github.state.releases.push({
      ...{ id: 7, tag_name: "v1.1.0", target_commitish: "main", name: "" },
      ...{ body: "", draft: true, prerelease: false, immutable: false },
      assets: [{ id: 8, name, state: "uploaded", bytes: Buffer.from("other") }],
    })
    const outcome = await release()
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /has other bytes under/)
    expect(outcome.stderr).toContain(sum)
    expect(only(github).draft).toBe(true)
    expect(github.requests.filter((it) => !it.startsWith("GET"))).toEqual([])
  })

  test("stops at a folder that is not what its manifest says", async () => {
    push(github, one.repository, "v1.1.0")
    const dist = mkdtempSync(join(tmpdir(), "dist-"))
    cpSync(one.dist, dist, { recursive: true })
    appendFileSync(join(dist, "greeter-1.1.0.tar.gz"), "x")
    rmSync(join(dist, "greeter-1.1.0-py3-none-any.whl"))
    const args = releaseArgs(github, { ...one, dist })
    const outcome = await call(args, { environment })
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /greeter-1\.1\.0\.tar\.gz has sha256/)
    expectSentence(outcome, /-any\.whl is not in the folder, and pypi-deploy/)
    expect(github.requests).toEqual([])
  })

  test("leaves the latest where a higher one is out", async () => {
    push(github, one.repository, "v1.1.0")
    github.state.releases.push({
      ...{ id: 7, tag_name: "v2.0.0", target_commitish: "main", name: "" },
      ...{ body: "", draft: false, prerelease: false, immutable: false },
      assets: [],
    })
    github.state.latest = 7
    expectDone(await release())
    expect(github.state.latest).toBe(7)
    // Made by hand, it had taken that place.
    github.state.latest = github.state.releases.at(-1)?.id ?? 7
    const again = await release()
    expect(again.stdout).toMatch(/shown as +not the latest/)
    expect(github.state.latest).toBe(7)
  })

  test("makes its tag with a receipt, and not without", async () => {
    const refused = await release()
    expect(refused.exitCode).toBe(1)
    expectSentence(refused, /GitHub has no tag v1\.1\.0.*--receipt/s)
    expect(github.state.releases).toEqual([])
    const receipt = join(mkdtempSync(join(tmpdir(), "receipt-")), "r.json")
    const [like] = RECEIPT.files
    const paper = {
      ...{ ...RECEIPT, project: "greeter", version: "1.1.0" },
      commit: one.commit,
      files: [...one.files].map(([name, sha256]) => ({
        ...{ ...like, name, sha256 },
      })),
    }
    writeFileSync(receipt, JSON.stringify({ ...paper, failure: "No." }))
    const failed = await release(`--receipt=${receipt}`)
    expect(failed.exitCode).toBe(1)
    expectSentence(failed, /--receipt says: greeter 1\.1\.0 is on pypi/)
    writeFileSync(receipt, JSON.stringify(paper))
    github.state.commits.add(one.commit)
    github.fail(/^POST .*git\/refs$/, "lost")
    const outcome = await release(`--receipt=${receipt}`)
    expectDone(outcome)
    expect(outcome.stdout).toContain("The tag v1.1.0 was made.")
    const made = github.state.refs.get("v1.1.0")
    expect(github.state.tagObjects.get(made?.sha ?? "")).toBe(one.commit)
    const other = await release(`--receipt=${receipt}`, "--tag=v1.1.1")
    expectSentence(other, /is not the tag of the files, which are 1\.1\.0/)
  })

  test("says what a token lacks", async () => {
    const args = releaseArgs(github, one, "--deadline=60")
    const outcome = await call(args, { environment: { GITHUB_TOKEN: "old" } })
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /answers 401.*Bad credentials.*Check --token/)
  })
})
