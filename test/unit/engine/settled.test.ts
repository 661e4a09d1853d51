import { describe, expect, test } from "vitest"

import { readSettled } from "../../../engine/host/settled.js"

const failure = (code: string, path: string) =>
  Object.assign(new Error(code), { code, path })

describe("a folder that others write to", () => {
  const failing = (times: number, error: Error) => {
    let reads = 0
    return async () => {
      reads++
      if (reads <= times) throw error
      return `read ${reads} times`
    }
  }
  const gone = failure("ENOENT", "/src/draft/file")

  test("is read again where a file went away", async () => {
    expect(await readSettled("/src", failing(0, gone))).toBe("read 1 times")
    expect(await readSettled("/src", failing(4, gone))).toBe("read 5 times")
  })

  test("that never settles is told, by the file that went", async () => {
    await expect(readSettled("/src", failing(5, gone))).rejects.toThrow(
      "/src/draft/file went away while /src was read. Call again when nothing writes there.",
    )
  })

  test.each([
    ["other trouble", failure("EACCES", "/src/file")],
    ["a file elsewhere", failure("ENOENT", "/elsewhere/file")],
    ["an error of ours", new Error("no code")],
  ])("fails at once for %s", async (_, error) => {
    await expect(readSettled("/src", failing(1, error))).rejects.toBe(error)
  })
})
