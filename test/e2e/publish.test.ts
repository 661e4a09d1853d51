import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
} from "node:fs"
import { basename, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { change, project } from "../fixtures/project.js"
import type { Repository } from "../fixtures/repository.js"
import { type Devpi, startDevpi } from "../servers/devpi.js"
import { type PypiServer, startPypiserver } from "../servers/pypiserver.js"
import { freePort } from "../servers/server.js"
import { call, succeed } from "./call.js"
import { build, sha256 } from "./dist.js"

const environment = { INDEX_TOKEN: "a-token-of-this-test" }

/** Publishes to an index that runs on this machine. */
function publish(
  source: string,
  port: number,
  flags: string[] = ["--token=env:INDEX_TOKEN"],
  path = "/",
) {
  const index = `--index=http://index:8080${path}`
  const service = `--index-service=tcp://127.0.0.1:${port}`
  return call(["publish", `--source=${source}`, index, service, ...flags], {
    environment,
  })
}

describe("publish --index=rehearsal", () => {
  const rehearse = (source: string, ...flags: string[]) =>
    call(["publish", `--source=${source}`, "--index=rehearsal", ...flags])

  test("takes a commit of pluggy through every gate to an index and back", async () => {
    const { path } = await project("pluggy", { commits: 2 })
    const { exitCode, stdout, stderr } = await rehearse(path)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    expect(stdout).toContain("1.6.1.dev2")
    for (const stage of ["test", "build", "verify", "upload", "confirm"])
      expect(stdout).toMatch(new RegExp(`${stage}.*\\d\\s?s`, "i"))
  })

  test("takes a static version at its tag", async () => {
    const { path } = await project("click")
    const { exitCode, stdout, stderr } = await rehearse(path)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    expect(stdout).toContain("8.3.1")
  })

  test("refuses a static version off its tag", async () => {
    const { path } = await project("click", { commits: 1 })
    const { exitCode, stderr } = await rehearse(path)
    expect(exitCode).toBe(1)
    expect(stderr).toContain("8.3.1")
    expect(stderr).toMatch(/tag/)
  })

  test("takes hatch-vcs and a C extension too", async () => {
    for (const name of ["iniconfig", "markupsafe"] as const) {
      const { path } = await project(name)
      const { exitCode, stderr } = await rehearse(path)
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    }
  })
})

describe("publish to a pypiserver", () => {
  let server: PypiServer
  let repository: Repository
  beforeAll(async () => {
    server = await startPypiserver({ token: environment.INDEX_TOKEN })
    repository = await project("greeter", { commits: 1 })
  })
  afterAll(() => server?.stop())
  const stored = (name: string) => join(server.packages, name)

  test("uploads the very bytes that build gives, with a token", async () => {
    const { exitCode, stderr } = await publish(repository.path, server.port)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    const dist = await build(repository.path)
    for (const file of [dist.sdist, dist.wheel])
      expect(sha256(stored(basename(file)))).toBe(sha256(file))
  })

  test("is done at once when identical bytes are there", async () => {
    const before = readdirSync(server.packages).map(
      (name) => statSync(stored(name)).mtimeMs,
    )
    const { exitCode, stderr } = await publish(repository.path, server.port)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    const after = readdirSync(server.packages).map(
      (name) => statSync(stored(name)).mtimeMs,
    )
    expect(after).toEqual(before)
  })

  test("writes its receipt as text, JSON and Markdown", async () => {
    const dist = await build(repository.path)
    const receipt = async (format: string) => {
      const flags = ["--token=env:INDEX_TOKEN", `--format=${format}`]
      const result = await publish(repository.path, server.port, flags)
      expect(result.exitCode).toBe(0)
      return result.stdout
    }
    const texts = [
      await receipt("text"),
      await receipt("json"),
      await receipt("markdown"),
    ]
    for (const text of texts) {
      expect(text).toContain("1.0.1.dev1")
      expect(text).toContain(basename(dist.wheel))
      expect(text).toContain(sha256(dist.wheel))
      expect(text).toContain(sha256(dist.sdist))
    }
    expect(JSON.parse(texts[1] ?? "")).toMatchObject({ version: "1.0.1.dev1" })
    expect(texts[2]).toMatch(/^\|.*\|$/m)
  })

  test("stops with both hashes when other bytes have the name", async () => {
    change(repository, "Taken already")
    const { sdist } = await build(repository.path)
    expect((await publish(repository.path, server.port)).exitCode).toBe(0)
    appendFileSync(stored(basename(sdist)), "other bytes")
    const { exitCode, stderr } = await publish(repository.path, server.port)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(sha256(sdist))
    expect(stderr).toContain(sha256(stored(basename(sdist))))
  })

  test("uploads nothing when a test fails", async () => {
    const { path } = await project("failing-tests", { tag: "v9.0.0" })
    const { exitCode, stderr } = await publish(path, server.port)
    expect(exitCode).toBe(1)
    expect(stderr).toContain("test_is_wrong")
    expect(existsSync(stored("greeter-9.0.0.tar.gz"))).toBe(false)
  })

  test("uploads nothing when a check fails", async () => {
    const { path } = await project("bad-metadata", { tag: "v9.1.0" })
    const { exitCode } = await publish(path, server.port)
    expect(exitCode).toBe(1)
    expect(existsSync(stored("greeter-9.1.0.tar.gz"))).toBe(false)
  })

  test("says what to do about a wrong token, without showing it", async () => {
    const { path } = await project("greeter", { tag: "v9.2.0" })
    const wrong = { ...environment, INDEX_TOKEN: "not-the-token" }
    const { exitCode, stderr, stdout } = await call(
      [
        "publish",
        `--source=${path}`,
        "--index=http://index:8080/",
        `--index-service=tcp://127.0.0.1:${server.port}`,
        "--token=env:INDEX_TOKEN",
      ],
      { environment: wrong },
    )
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/token/)
    expect(stderr).toMatch(/40[13]/)
    expect(stderr + stdout).not.toContain(wrong.INDEX_TOKEN)
    expect(existsSync(stored("greeter-9.2.0.tar.gz"))).toBe(false)
  })
})

describe("publish to a devpi-server", () => {
  let devpi: Devpi
  beforeAll(async () => {
    devpi = await startDevpi()
  })
  afterAll(() => devpi?.stop())

  test("uploads with a user and a password, and again changes nothing", async () => {
    const path = await devpi.index("dev")
    const repository = await project("greeter", { commits: 2 })
    const upload = () =>
      call(
        [
          "publish",
          `--source=${repository.path}`,
          `--index=http://index:8080${path}`,
          `--index-service=tcp://127.0.0.1:${devpi.port}`,
          `--username=${devpi.user}`,
          "--token=env:DEVPI_PASSWORD",
        ],
        { environment: { DEVPI_PASSWORD: devpi.password } },
      )
    const first = await upload()
    expect(first).toMatchObject({ exitCode: 0 })
    const dist = await build(repository.path)
    const page = await fetch(`${devpi.url}${path}+simple/greeter/`, {
      headers: { accept: "application/vnd.pypi.simple.v1+json" },
    })
    const { files } = (await page.json()) as {
      files: { filename: string; hashes: { sha256: string } }[]
    }
    const served = Object.fromEntries(
      files.map((file) => [file.filename, file.hashes.sha256]),
    )
    expect(served).toEqual({
      [basename(dist.sdist)]: sha256(dist.sdist),
      [basename(dist.wheel)]: sha256(dist.wheel),
    })
    expect(await upload()).toMatchObject({ exitCode: 0 })
  })
})

describe("publish refuses", () => {
  test("an index that does not answer", async () => {
    const { path } = await project("greeter")
    const port = await freePort()
    const { exitCode, stderr } = await publish(path, port, [])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/index:8080|127\.0\.0\.1/)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test.each(["pypi", "testpypi"])(
    "a linux_x86_64 wheel for %s, with the ways out",
    async (index) => {
      const { path } = await project("markupsafe")
      const { exitCode, stderr } = await call([
        "publish",
        `--source=${path}`,
        `--index=${index}`,
      ])
      expect(exitCode).toBe(1)
      expect(stderr).toContain("linux_x86_64")
      expect(stderr).toContain("--dist")
      expect(stderr).toContain("--sdist-only")
    },
  )
})

test("publish --dist uploads what was built before, without a source", async () => {
  const server = await startPypiserver()
  try {
    const { path } = await project("greeter", { commits: 4 })
    const dist = await build(path)
    await succeed([
      "publish",
      `--dist=${dist.folder}`,
      "--index=http://index:8080/",
      `--index-service=tcp://127.0.0.1:${server.port}`,
    ])
    const name = basename(dist.wheel)
    expect(readFileSync(join(server.packages, name))).toEqual(
      readFileSync(dist.wheel),
    )
  } finally {
    await server.stop()
  }
})
