import { afterAll, beforeAll, describe, expect, test } from "vitest"

import { makeDist } from "../fixtures/distribution.js"
import { REFUSALS, refusalIds } from "../servers/pypi/refusals.js"
import { type Pypi, startPypi } from "../servers/pypi/start.js"
import { stored } from "../soak/truth.js"
import { expectSentence } from "./expect.js"
import { placeOf } from "./place.js"
import { publishWithToken } from "./pypi.js"

let index: Pypi
let dist: string
beforeAll(async () => {
  index = await startPypi()
  index.project("refused")
  dist = await makeDist({ name: "refused", version: "1.0" })
})
afterAll(() => index?.stop())

const publish = (token = index.token()) =>
  publishWithToken(placeOf(index), token, `--dist=${dist}`)
const posts = () =>
  index.log.filter((it) => it.startsWith("POST /legacy/")).length

/** The first words of a refusal, which are the same for every project. */
function words(reason: unknown): string {
  const text = typeof reason === "string" ? reason : String(reason)
  return text.replace(/^.*?=>\s*`?/s, "").split(/['$`]/)[0] ?? ""
}

describe("an upload that the index refuses stops at once, with the reason", () => {
  // Another publish may have been faster, or an old listing been read: asked
  // again before it is believed.
  const again = ["file-exists"]

  test.each(refusalIds)("%s", async (id) => {
    const [status, reason] = REFUSALS[id]
    index.switches.refuse = id
    const before = posts()
    const outcome = await publish()
    index.switches.refuse = null
    expect(outcome.exitCode).toBe(1)
    expectSentence(outcome, new RegExp(String(status)))
    expect(outcome.stderr).toContain(words(reason))
    if (!again.includes(id)) expect(posts() - before).toBe(1)
    expect(stored(index, "refused", "1.0")).toEqual([])
  })
})

test("a token for another project is explained, and not shown", async () => {
  const token = index.token("uploader", ["another"])
  const outcome = await publish(token)
  expect(outcome.exitCode).toBe(1)
  expectSentence(outcome, /not valid for project: 'refused'/)
  expect(outcome.stderr).not.toContain(token)
})
