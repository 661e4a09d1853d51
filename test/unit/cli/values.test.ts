import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { UsageError } from "../../../engine/cli/usage.js"
import { readFlags } from "../../../engine/cli/values.js"
import type {
  ParameterDefinition,
  TypeReference,
} from "../../../engine/module/definitions.js"
import { example, main } from "./example.js"

const cwd = mkdtempSync(path.join(tmpdir(), "values-"))
writeFileSync(path.join(cwd, "file.txt"), "x")
afterAll(() => rmSync(cwd, { recursive: true }))

const around = {
  cwd,
  environment: { TOKEN: "hidden" },
  module: { root: "/repository/module", repository: "/repository" },
  enums: example.enums,
}

function read(
  type: TypeReference,
  texts: string[] | undefined,
  more: Partial<ParameterDefinition> = {},
) {
  const parameter = { name: "it", description: "", optional: true, ...more }
  const callee = {
    name: "f",
    description: "",
    parameters: [{ ...parameter, type }],
    returns: { kind: "void" } as const,
  }
  const flags = new Map(texts ? [["it", texts]] : [])
  return readFlags({ object: main, function: callee, flags }, around).it
}

const object = (name: string): TypeReference => ({ kind: "object", name })
const list: TypeReference = { kind: "list", of: { kind: "integer" } }
const strings: TypeReference = { kind: "list", of: { kind: "string" } }
const ports: TypeReference = {
  ...{ kind: "list", of: { kind: "input", name: "PortForward" } },
}
const forward = (frontend: number, backend: number) => ({ frontend, backend })
const format: TypeReference = { kind: "enum", name: "Format" }

describe("a flag's text", () => {
  test.each<[TypeReference, string[], unknown]>([
    [{ kind: "string" }, ["a", "b"], "b"],
    [{ kind: "integer" }, ["-3"], -3],
    [{ kind: "float" }, ["0.5"], 0.5],
    [{ kind: "boolean" }, ["true"], true],
    [{ kind: "boolean" }, ["false"], false],
    [list, ["1,2", "3"], [1, 2, 3]],
    [strings, ["a,,b", ""], ["a", "b"]],
    [strings, ['"x,1",y', 'say ""'], ["x,1", "y", 'say ""']],
    [strings, ['"say ""it""",z'], ['say "it"', "z"]],
    [format, ["json_lines"], "json-lines"],
    [format, ["JSON_LINES"], "json-lines"],
    [format, ["text"], "text"],
    [ports, ["8080:80,81:82"], [forward(8080, 80), forward(81, 82)]],
    [object("CacheVolume"), ["k"], { fields: ['cacheVolume(key: "k")'] }],
    [
      object("Service"),
      ["tcp://127.0.0.1:8080"],
      { fields: ['address(value: "tcp://127.0.0.1:8080")', "service"] },
    ],
    [
      object("Container"),
      ["python:3.11"],
      { fields: ['address(value: "python:3.11")', "container"] },
    ],
    [
      object("Directory"),
      ["."],
      { fields: ["host", `directory(path: ${JSON.stringify(cwd)})`] },
    ],
    [
      object("File"),
      ["file.txt"],
      {
        fields: ["host", `file(path: ${JSON.stringify(`${cwd}/file.txt`)})`],
      },
    ],
    [
      object("Secret"),
      ["env:TOKEN"],
      { fields: ['secret(uri: "env://TOKEN")'] },
    ],
    [
      object("Secret"),
      ["cmd://pass show x"],
      { fields: ['secret(uri: "cmd://pass show x")'] },
    ],
    [
      object("Secret"),
      ["file:file.txt"],
      { fields: [`secret(uri: "file://${cwd}/file.txt")`] },
    ],
  ])("of %j: %j is %j", (type, texts, value) => {
    expect(read(type, texts)).toEqual(value)
  })

  test("that is left out is nothing, or the module's own folder", () => {
    expect(read({ kind: "string" }, undefined)).toBeUndefined()
    const ignore = ["**/.venv"]
    const more = { defaultPath: "/", ignore }
    expect(read(object("Directory"), undefined, more)).toEqual({
      fields: [
        "host",
        'directory(path: "/repository/", exclude: ["**/.venv"])',
      ],
    })
    expect(read({ kind: "string" }, undefined, more)).toBeUndefined()
    expect(read(object("File"), undefined, { defaultPath: "a.txt" })).toEqual({
      fields: ["host", 'file(path: "/repository/module/a.txt")'],
    })
    expect(() =>
      read(object("Directory"), undefined, { defaultPath: "../../.." }),
    ).toThrow("outside the module's repository")
    symlinkSync("/", path.join(cwd, "link"))
    expect(() =>
      readFlags(
        {
          ...{ object: main, flags: new Map() },
          function: {
            ...{ name: "f", description: "", returns: { kind: "void" } },
            parameters: [
              {
                ...{ name: "it", description: "", optional: true },
                ...{ type: object("Directory"), defaultPath: "link/home" },
              },
            ],
          },
        },
        { ...around, module: { root: cwd, repository: cwd } },
      ),
    ).toThrow("outside the module's repository")
    const image = { defaultAddress: "debian:12" }
    expect(read(object("Container"), undefined, image)).toEqual({
      fields: ['address(value: "debian:12")', "container"],
    })
  })
})

describe("a text that does not fit is refused", () => {
  test.each<[TypeReference, string, string | RegExp]>([
    [{ kind: "integer" }, "3.5", '--it is "3.5", but takes a whole number.'],
    [{ kind: "float" }, "x", '--it is "x", but takes a number.'],
    [{ kind: "integer" }, "9007199254740993", /too large to be exact/],
    [{ kind: "boolean" }, "yes", '--it is "yes", but takes true or false.'],
    [format, "xml", '--it is "xml", but takes one of TEXT, JSON_LINES.'],
    [format, "json-lines", /takes one of TEXT, JSON_LINES/],
    [ports, "8080", /takes ports as FRONTEND:BACKEND/],
    [object("Directory"), "nowhere", /there is nothing at .*nowhere/],
    [object("Directory"), "file.txt", /which is not a folder/],
    [object("File"), ".", /which is not a file/],
    [object("Secret"), "pypi-token", /never the secret itself/],
    [object("Secret"), "env:NOT_SET", /variable NOT_SET is not set\.$/],
    [
      object("Secret"),
      "env:ACTIONS_ID_TOKEN_REQUEST_URL",
      /is not set\. GitHub sets it in jobs with `permissions: id-token: write`/,
    ],
    [object("Secret"), "file:nowhere", /which is not there/],
    [object("Socket"), "x", /takes a Socket, .* "dagger call" can/],
    [{ kind: "enum", name: "Unknown" }, "x", /takes one of/],
  ])("%j: %s: %s", (type, text, message) => {
    const attempt = () => read(type, [text])
    expect(attempt).toThrow(UsageError)
    expect(attempt).toThrow(message)
  })

  test("and a secret's text is not repeated", () => {
    expect(() => read(object("Secret"), ["pypi-canary"])).not.toThrow("canary")
  })
})
