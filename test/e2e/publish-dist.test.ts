import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"

import type { Manifest } from "../../dagger/src/manifest.js"
import { makeDist, makeWheel } from "../fixtures/distribution.js"
import {
  emptyPypiserver,
  type PypiServer,
  startPypiserver,
} from "../servers/pypiserver.js"
import { call } from "./call.js"
import { readDist } from "./dist.js"
import { expectDone, expectSentence } from "./expect.js"
import { publishTo } from "./publish.js"

const token = "a-token-of-this-test"
const demo = { name: "Demo.Pkg", version: "1.0" }
let server: PypiServer
let dist: string
beforeAll(async () => {
  server = await startPypiserver({ token })
})
afterAll(() => server?.stop())
beforeEach(async () => {
  emptyPypiserver(server)
  dist = await makeDist(demo)
})

const publish = (...flags: string[]) =>
  publishTo({ port: server.port, token }, `--dist=${dist}`, ...flags)

function rewrite(change: Partial<Manifest>): void {
  const path = join(dist, "pypi-deploy.json")
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest
  writeFileSync(path, JSON.stringify({ ...manifest, ...change }))
}

const lose = () => rmSync(readDist(dist).wheel)
const replace = () => makeWheel(dist, { ...demo, ballast: Buffer.alloc(9) })

describe("publish --dist uploads nothing where", () => {
  const cases: [string, () => void, string[], RegExp][] = [
    ["a file is missing", lose, [], /\.whl is not in the folder, and/],
    ["a file is another", replace, [], /has sha256 .* pypi-deploy\.json says/],
    [
      "the tree was edited",
      () => rewrite({ edited: ["src/demo.py"] }),
      [],
      /not the commit: src\/demo\.py changed/,
    ],
    [
      "the manifest is another release's",
      () => rewrite({ version: "9.9.9" }),
      [],
      /is of Demo\.Pkg 9\.9\.9, and the files are of demo_pkg 1\.0/,
    ],
    [
      "--ref is another release's",
      () => {},
      ["--ref=refs/tags/v9.9.9"],
      /is the release of 9\.9\.9, and the files are 1\.0/,
    ],
  ]
  test.each(cases)("%s", async (_, change, flags, sentence) => {
    change()
    const outcome = await publish(...flags)
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, sentence)
    expect(readdirSync(server.packages)).toEqual([])
  })
})

test("publish --dist tells of a file that the manifest does not name", async () => {
  makeWheel(dist, { ...demo, tag: "1-py3-none-any" })
  const outcome = await publish("--format=json")
  expectDone(outcome)
  const { files, notices } = JSON.parse(outcome.stdout)
  expect(files).toHaveLength(3)
  expect(notices.join()).toContain(
    "does not name demo_pkg-1.0-1-py3-none-any.whl",
  )
})

test.each([
  ["missing", lose, /\.whl is not in the folder, and/],
  ["another", replace, /has sha256 .* pypi-deploy\.json says/],
])(
  "confirm --dist refuses a folder in which a file is %s",
  async (_, change, sentence) => {
    change()
    const outcome = await call([
      ...["confirm", `--dist=${dist}`, `--index=http://index:${server.port}/`],
      `--index-service=tcp://127.0.0.1:${server.port}`,
    ])
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, sentence)
  },
)
