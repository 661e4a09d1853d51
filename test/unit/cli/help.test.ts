import { describe, expect, test } from "vitest"
import { coreObject } from "../../../engine/cli/core.js"
import { functionHelp, moduleHelp } from "../../../engine/cli/help.js"
import type { FunctionDefinition } from "../../../engine/module/definitions.js"
import { schema } from "../../../engine/schema.js"
import { example, main } from "./example.js"

function fn(name: string): FunctionDefinition {
  const found = main.functions[name]
  if (!found) {
    throw new Error(`no function ${name}`)
  }
  return found
}

describe("the module's help", () => {
  test("says what it is for, its functions in a sentence each, the options", () => {
    const help = moduleHelp(example, 80)
    expect(help).toMatch(/^Does a thing\. And another\./)
    expect(help).toContain("  next-version  Gives the next version.\n")
    expect(help).toMatch(/-j, --json +print the result as JSON/)
    expect(help).toMatch(/--isolation KIND/)
  })

  test("falls back on the module's own words", () => {
    const objects = { MyMod: { ...main, description: "" } }
    expect(moduleHelp({ ...example, objects }, 80)).toMatch(
      /^What the module is/,
    )
    expect(moduleHelp({ ...example, objects: {} }, 80)).toMatch(
      /^What the module/,
    )
  })
})

describe("a function's help", () => {
  test("has its doc comment and every flag with type, choice and default", () => {
    const help = functionHelp(fn("nextVersion"), example.enums, undefined, 80)
    expect(help).toContain("More of it.")
    expect(help).toMatch(
      /--source DIRECTORY +The project\. \(default: \/ of the module's own\s+repository\)/,
    )
    expect(help).toMatch(
      /--format FORMAT +\(one of TEXT, JSON_LINES; default: TEXT\)/,
    )
    expect(help).toMatch(/--pythons STRING,… +Interpreters\.\n/)
    expect(help).toMatch(/--tries INTEGER +How often\. \(default: 3\)/)
    expect(help).toMatch(/--local +With the local part\.\n/)
  })

  test("marks what is required and lists what follows", () => {
    const help = functionHelp(fn("build"), {}, main, 80)
    expect(help).toMatch(/--index-url STRING +Where to\. \(required\)/)
    expect(help).toContain("It gives a MyMod; on it:\nFunctions:")
  })

  test("has a service's ports as they are written", () => {
    const { up } = coreObject(schema, "Service")?.functions ?? {}
    if (up === undefined) throw new Error("there is no up")
    const help = functionHelp(up, {}, undefined, 80)
    expect(help).toMatch(/--ports FRONTEND:BACKEND,…$/m)
    expect(help).toMatch(/--random$/m)
  })

  test("of a function without flags is short", () => {
    expect(functionHelp(fn("ping"), {}, undefined, 80)).toBe(
      "Usage: ./call ping\n",
    )
  })
})

describe("help", () => {
  const about = {
    ...main,
    description: `${"word ".repeat(30)}\n\n  code stays\n  as it is`,
    construct: [
      {
        name: "image",
        description: "What it runs in.",
        type: { kind: "object", name: "Container" } as const,
        optional: true,
        defaultAddress: "debian:12",
      },
    ],
  }
  const help = (width: number) =>
    moduleHelp({ ...example, objects: { MyMod: about } }, width)

  test.each([60, 80, 160])("is as wide as the terminal: %i", (width) => {
    const widths = help(width)
      .split("\n")
      .filter((line) => !line.startsWith("Usage:"))
      .map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(width)
    expect(Math.max(...widths)).toBeGreaterThan(width - 20)
    expect(help(width)).toContain("\n  code stays\n  as it is\n")
  })

  test("has the constructor's flags", () => {
    expect(help(80)).toContain("Usage: ./call [options] [flags] FUNCTION")
    expect(help(160)).toMatch(
      /--image CONTAINER +What it runs in\. \(default: debian:12\)/,
    )
  })
})
