import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, test } from "vitest"
import { explain, FunctionError } from "../../../engine/cli/failure.js"
import { render, save } from "../../../engine/cli/result.js"
import { UsageError } from "../../../engine/cli/usage.js"
import { EngineError } from "../../../engine/errors.js"

describe("a result is printed", () => {
  const string = { kind: "string" } as const
  test("as text that ends in one new line", () => {
    expect(render({ type: string, value: "1.0" }, false)).toBe("1.0\n")
    expect(render({ type: string, value: "a\n" }, false)).toBe("a\n")
    expect(render({ type: string, value: "" }, false)).toBe("")
    expect(
      render({ type: { kind: "list", of: string }, value: ["a", "b"] }, false),
    ).toBe("a\nb\n")
  })

  test("as nothing when there is nothing", () => {
    expect(render({ type: { kind: "void" }, value: "x" }, false)).toBe("")
    expect(render({ type: string, value: null }, false)).toBe("")
    expect(render({ type: string, value: undefined }, false)).toBe("")
  })

  test("as its fields when it is an object of the module", () => {
    const type = { kind: "object", name: "Card" } as const
    expect(render({ type, value: { a: 1 } }, false)).toBe('{"a":1}\n')
    expect(
      render(
        { type: { kind: "list", of: type }, value: [{ a: 1 }, "x"] },
        false,
      ),
    ).toBe('{"a":1}\nx\n')
  })

  test("into a file, and never into a folder", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "output-"))
    const file = path.join(folder, "new", "x")
    expect(await save("text\n", file)).toBe(file)
    expect(readFileSync(file, "utf8")).toBe("text\n")
    await expect(save("text\n", folder)).rejects.toThrow(/is a folder/)
    const below = path.join(file, "y")
    await expect(save("text\n", below)).rejects.toThrow()
  })

  test("as JSON when asked", () => {
    expect(render({ type: string, value: "1.0" }, true)).toBe('"1.0"\n')
  })
})

describe("an error", () => {
  test("of the call is exit code 2, of the pipeline 1", () => {
    expect(explain(new UsageError("no."), false)).toEqual({
      text: "Error: no.\n",
      code: 2,
    })
    expect(explain(new EngineError("no."), false)).toEqual({
      text: "Error: no.\n",
      code: 1,
    })
  })

  test("that nobody expected points to --debug, which shows the stack", () => {
    expect(explain(new TypeError("odd"), false).text).toBe(
      "Error: odd\nRun it with --debug for where it happened.\n",
    )
    expect(explain(new TypeError("odd"), true).text).toContain("output.test.ts")
    expect(explain("thrown text", false).text).toMatch(/^Error: thrown text/)
  })

  test("of a function shows its sentence, and its stack only to --debug", () => {
    const error = new FunctionError({ message: "no.", stack: "at x" })
    expect(explain(error, false)).toEqual({ text: "Error: no.\n", code: 1 })
    expect(explain(error, true).text).toBe("Error: at x\n")
    const bare = new FunctionError({ message: "no." })
    const step = new FunctionError({ message: "no." }, "build export")
    expect(explain(step, false).text).toBe("Error: no.\nStep: build export\n")
    expect(explain(bare, true).text).toBe("Error: no.\n")
  })

  test("of a command ends with the command and its last lines", () => {
    const stderr = Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n")
    const exec = { cmd: ["pytest", "-q"], exitCode: 3, stdout: "out", stderr }
    const { text } = explain(new FunctionError({ message: "no.", exec }), false)
    expect(text).toContain("Command: pytest -q (exit code 3)\n  line 10\n")
    expect(text).toMatch(/ {2}line 29\nRun it with --debug for all .*\n$/)
    expect(text).not.toContain("line 9\n")
    const quiet = { ...exec, stderr: "" }
    expect(
      explain(new FunctionError({ message: "no.", exec: quiet }), false).text,
    ).toMatch(/ {2}out\nRun it/)
    expect(
      explain(new FunctionError({ message: "no.", exec }), true).text,
    ).toMatch(/ {2}line 29\n$/)
  })
})
