import { expect, test } from "vitest"

import { judge } from "../../soak/truth.js"

const wheel = { name: "a.whl", sha256: "1" }
const sdist = { name: "a.tar.gz", sha256: "2" }
const expected = [wheel, sdist]
const success = { exitCode: 0, files: expected }
const failure = { exitCode: 1, files: [] }
const fine = { complete: true, wrongBytes: false, misreported: false }

test("success that is true is reported rightly", () => {
  expect(judge(expected, [sdist, wheel], success)).toEqual(fine)
})

test("a failure is reported rightly, whatever is there", () => {
  expect(judge(expected, [wheel], failure)).toEqual({
    ...fine,
    complete: false,
  })
  expect(judge(expected, expected, failure)).toEqual(fine)
})

test("success over a missing file, or of a receipt without it, is not", () => {
  expect(judge(expected, [wheel], success).misreported).toBe(true)
  const said = { exitCode: 0, files: [wheel] }
  expect(judge(expected, expected, said).misreported).toBe(true)
})

test("bytes that nobody sent are seen, under any name", () => {
  const other = { name: "a.whl", sha256: "3" }
  const judgement = judge(expected, [other, sdist], success)
  expect(judgement).toEqual({
    ...{ complete: false, wrongBytes: true, misreported: true },
  })
})
