import { describe, expect, test } from "vitest"
import { complete } from "../../../engine/cli/completion.js"
import type { ObjectDefinition } from "../../../engine/module/definitions.js"
import { example, main } from "./example.js"

const directory: ObjectDefinition = {
  name: "Directory",
  description: "",
  functions: Object.fromEntries(
    ["entries", "export"].map((name) => [
      name,
      {
        ...{ name, description: "", parameters: [] },
        returns: { kind: "void" as const },
      },
    ]),
  ),
}

const find = (name: string) => ({ MyMod: main, Directory: directory })[name]

describe("at the end of a line stands", () => {
  test.each<[string[], string[]]>([
    [[""], ["next-version", "build", "ping"]],
    [["b"], ["build"]],
    [["nothing"], []],
    [["build", "--in"], ["--index-url="]],
    [
      ["build", "--index-url=x", "e"],
      ["entries", "export"],
    ],
    [["build", "--index-url", ""], []],
    [["build", "--index-url", "x", "ex"], ["export"]],
    [["ping", ""], []],
    [["ping", "x", ""], []],
    [["ping", "--deb"], ["--debug"]],
    [["--debug", "pi"], ["ping"]],
    [["nothing", ""], []],
    [
      ["next-version", "--format="],
      ["--format=TEXT", "--format=JSON_LINES"],
    ],
    [["next-version", "--format", "T"], ["TEXT"]],
    [["next-version", "--format", "=", "J"], ["--format=JSON_LINES"]],
    [
      ["next-version", "--format", "="],
      ["--format=TEXT", "--format=JSON_LINES"],
    ],
    [
      ["next-version", "--local="],
      ["--local=true", "--local=false"],
    ],
    [["next-version", "--lo"], ["--local"]],
    [["next-version", "--local", "--js"], ["--json"]],
    [["next-version", "--source="], []],
    [["--isolation="], ["--isolation=namespaces", "--isolation=folder"]],
    [
      ["--completion", ""],
      ["bash", "zsh"],
    ],
    [["-m", ""], []],
    [["--mod="], []],
    [["--nope="], []],
    [[], ["next-version", "build", "ping"]],
  ])("%j: %j", (words, choices) => {
    const lines = complete(words, main, find, example.enums).split("\n")
    expect(lines.slice(0, -1)).toEqual(choices)
  })
})
