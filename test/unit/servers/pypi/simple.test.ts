import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"

import { type Pypi, startPypi } from "../../../servers/pypi/start.js"
import { visit } from "../../../servers/visit.js"
import { post } from "./posting.js"

const JSON_TYPE = "application/vnd.pypi.simple.v1+json"

let index: Pypi
beforeAll(async () => {
  index = await startPypi()
  for (const version of ["1.0", "2.0"])
    await post(index, {
      ...{ name: "Some.Project", version },
      fields: { requires_python: ">=3.8" },
    })
})
afterAll(() => index.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  visit(index.url + path, { ca: index.authority.pem, headers })
const page = async () => {
  const answer = await get("/simple/some-project/", { accept: JSON_TYPE })
  return { ...answer, json: JSON.parse(answer.body.toString()) }
}

test("a page is JSON where that is asked for, with its serial", async () => {
  const { headers, json } = await page()
  expect(headers).toMatchObject({
    "content-type": JSON_TYPE,
    "cache-control": "max-age=600, public",
    vary: "Accept",
    "x-pypi-last-serial": String(json.meta["_last-serial"]),
  })
  expect(json).toMatchObject({
    meta: { "api-version": "1.4" },
    name: "some-project",
    "project-status": { status: "active" },
    versions: ["1.0", "2.0"],
  })
  expect(json.files[0]).toMatchObject({
    filename: "some_project-1.0-py3-none-any.whl",
    yanked: false,
    "requires-python": ">=3.8",
  })
})

test("and HTML otherwise", async () => {
  const { headers, body } = await get("/simple/some-project/")
  expect(headers["content-type"]).toMatch("text/html")
  expect(body.toString()).toMatch(
    /<a href="\/packages\/.*some_project-1\.0-py3-none-any\.whl#sha256=[0-9a-f]{64}" data-requires-python="&gt;=3\.8">/,
  )
})

test("a page that did not change is not sent again", async () => {
  const { headers } = await page()
  const again = await get("/simple/some-project/", {
    accept: JSON_TYPE,
    "if-none-match": headers.etag ?? "",
  })
  expect([again.status, again.body.length]).toEqual([304, 0])
})

test("other spellings of a name lead to the right one", async () => {
  for (const path of ["/simple/Some.Project/", "/simple/some-project"])
    expect((await get(path)).headers.location).toBe("/simple/some-project/")
  expect((await get("/simple/nobody/")).status).toBe(404)
})

test("a file is served with the bytes that were sent, and its metadata", async () => {
  const { json } = await page()
  const [file] = json.files
  const { body } = await get(file.url)
  const digest = createHash("sha256").update(body).digest("hex")
  expect(digest).toBe(file.hashes.sha256)
  const metadata = await get(`${file.url}.metadata`)
  expect(metadata.body.toString()).toContain("Version: 1.0")
  expect((await get(`${file.url}.other`)).status).toBe(404)
})

test("a release has its own page", async () => {
  const { body, headers } = await get("/pypi/some-project/2.0/json")
  const json = JSON.parse(body.toString())
  expect(headers["x-pypi-last-serial"]).toBe(String(json.last_serial))
  expect(json.urls).toHaveLength(1)
  expect(json.urls[0].digests.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect((await get("/pypi/some-project/3.0/json")).status).toBe(404)
})

test("a yanked release is listed as such, one in quarantine is not listed", async () => {
  const before = (await page()).json.meta["_last-serial"]
  index.yank("some-project", "1.0", "wrong")
  const yanked = (await page()).json
  expect(yanked.files[0].yanked).toBe("wrong")
  expect(yanked.meta["_last-serial"]).toBeGreaterThan(before)
  index.quarantine("some-project", "1.0")
  expect((await page()).json.versions).toEqual(["2.0"])
  index.project("some-project").status = "quarantined"
  expect((await page()).json.files).toEqual([])
})

test("its certificate is good for nobody who does not know the authority", async () => {
  await expect(visit(`${index.url}/simple/`)).rejects.toThrow(
    /certificate|self-signed/,
  )
})
