import { describe, expect, test } from "vitest"

import { refuseElsewhere } from "../../../engine/cli/applying.js"
import type { Link } from "../../../engine/cli/arguments.js"
import type { FunctionDefinition } from "../../../engine/module/definitions.js"

/** A call of a function on a folder, with its flags. */
function link(flags: Record<string, string>, returns = "Changeset"): Link {
  const parameter = (name: string, defaultPath?: string) => ({
    ...{ name, description: "", optional: true, defaultPath },
    type: { kind: "object" as const, name: "Directory" },
  })
  const called = {
    ...{ name: "migrate", description: "" },
    returns: { kind: "object" as const, name: returns },
    parameters: [parameter("source", "/"), parameter("other")],
  } as unknown as FunctionDefinition
  const given = Object.entries(flags).map(([name, text]) => [name, [text]])
  return {
    object: { name: "Shop", description: "", functions: {} },
    function: called,
    flags: new Map(given as [string, string[]][]),
  }
}

const refused =
  (...chain: Link[]) =>
  () =>
    refuseElsewhere(chain, "/work")

describe("a changeset is applied where the call stands", () => {
  test("and refused of another folder, with what does it", () => {
    expect(refused(link({ source: "../demo" }))).toThrow(
      /not --source=..\/demo. End the call with "export --path=..\/demo"/,
    )
  })

  test.each([
    {},
    { source: "." },
    { source: "/work/" },
    { source: "https://example.org/demo.git" },
    { other: "../demo" },
  ])("of %o", (flags) => {
    expect(refused(link(flags as Record<string, string>))).not.toThrow()
  })

  test("and whatever is none is not looked at", () => {
    expect(refused(link({ source: "../demo" }, "Directory"))).not.toThrow()
    expect(refused()).not.toThrow()
  })
})
