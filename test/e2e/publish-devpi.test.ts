import { basename } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"

import { project } from "../fixtures/project.js"
import { type Devpi, startDevpi } from "../servers/devpi.js"
import { build, sha256 } from "./dist.js"
import { expectDone } from "./expect.js"
import { publishTo } from "./publish.js"

let devpi: Devpi
beforeAll(async () => {
  devpi = await startDevpi()
})
afterAll(() => devpi?.stop())

/** The hash of each file of a project, as the JSON simple page has it. */
async function served(index: string): Promise<Record<string, string>> {
  const page = await fetch(`${devpi.url}${index}+simple/greeter/`, {
    headers: { accept: "application/vnd.pypi.simple.v1+json" },
  })
  const { files } = (await page.json()) as {
    files: { filename: string; hashes: { sha256: string } }[]
  }
  return Object.fromEntries(
    files.map(({ filename, hashes }) => [filename, hashes.sha256]),
  )
}

test("publish uploads to a devpi-server by user and password, and again changes nothing", async () => {
  const path = await devpi.index("dev")
  const repository = await project("greeter", { commits: 2 })
  const upload = () =>
    publishTo(
      {
        port: devpi.port,
        path,
        username: devpi.user,
        token: devpi.password,
      },
      `--source=${repository.path}`,
    )
  expectDone(await upload())
  const { sdist, wheel } = await build(repository.path)
  const expected = {
    [basename(sdist)]: sha256(sdist),
    [basename(wheel)]: sha256(wheel),
  }
  expect(await served(path)).toEqual(expected)
  expectDone(await upload())
  expect(await served(path)).toEqual(expected)
})
