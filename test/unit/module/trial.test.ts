import { expect, test } from "vitest"
import { distFiles } from "../../../dagger/src/dist.js"
import { byPython, inPairs } from "../../../dagger/src/trial.js"
import { lackingNote } from "../../../dagger/src/verdict.js"

const [sdist, wheel] = distFiles([
  "demo-1.0.tar.gz",
  "demo-1.0-py3-none-any.whl",
]) as [ReturnType<typeof distFiles>[0], ReturnType<typeof distFiles>[0]]

test("files are tried together where they are for one interpreter", () => {
  expect(
    byPython([
      [wheel, ["3.9", "3.13"]],
      [sdist, ["3.13"]],
    ]),
  ).toEqual([
    { python: "3.9", files: [wheel] },
    { python: "3.13", files: [wheel, sdist] },
  ])
})

test("two run at a time, and results keep their order", async () => {
  let running = 0
  let most = 0
  const result = await inPairs([30, 5, 1, 10], async (milliseconds) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    running -= 1
    return milliseconds
  })
  expect(result).toEqual([30, 5, 1, 10])
  expect(most).toBe(2)
  expect(await inPairs([], async () => 1)).toEqual([])
})

test("promised interpreters that are lacking are noted", () => {
  expect(lackingNote(wheel, [])).toEqual([])
  expect(lackingNote(sdist, ["3.7", "3.14"])).toMatchObject([
    {
      id: "install-sdist",
      problems: [],
      notes: [
        "demo-1.0.tar.gz: Python 3.7, 3.14 is promised and was not tried: there is no image of it here",
      ],
    },
  ])
})
