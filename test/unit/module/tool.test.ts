import { describe, expect, test } from "vitest"
import {
  explain,
  explained,
  isFailedExec,
  lastLines,
} from "../../../dagger/src/tool.js"

const failed = (stdout: string, stderr = "") => ({
  ...{ exitCode: 3, stdout, stderr },
})

describe("a failed command is explained by", () => {
  test("the sentence that the tool printed", () => {
    const error = explain("The build", failed('{"error":"No disk."}'))
    expect(error.message).toBe("No disk.")
  })

  test.each(["", "no JSON", "null", '{"error":1}'])(
    "step and exit code, where it printed %j",
    (stdout) => {
      expect(explain("The build", failed(stdout)).message).toBe(
        "The build failed (exit code 3).",
      )
    },
  )

  test("the last lines of its output", () => {
    const { message } = explain("The build", failed("", "a\nb\n\n"))
    expect(message).toMatch(/exit code 3\)\.\nThe last.*:\n {4}a\n {4}b$/s)
  })
})

test("the last lines are the last ones", () => {
  expect(lastLines("a\nb\nc\n", 2)).toBe("    b\n    c")
})

describe("an exec's failure", () => {
  test("is told by its fields", () => {
    expect(isFailedExec(failed(""))).toBe(true)
    for (const other of [null, undefined, "x", new Error("x"), { exitCode: 1 }])
      expect(isFailedExec(other)).toBe(false)
  })

  test("becomes a sentence; other errors stay what they are", async () => {
    const exec = Promise.reject(failed('{"error":"No."}'))
    await expect(explained("x", exec)).rejects.toThrow(/^No\.$/)
    const other = new TypeError("lost")
    await expect(explained("x", Promise.reject(other))).rejects.toBe(other)
    expect(await explained("x", Promise.resolve(1))).toBe(1)
  })
})
