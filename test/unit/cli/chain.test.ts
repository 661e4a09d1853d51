import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import {
  buildSchema,
  type ExecutionResult,
  GraphQLError,
  graphql,
} from "graphql"
import { describe, expect, test } from "vitest"
import { parseArguments } from "../../../engine/cli/arguments.js"
import { callChain, readChain } from "../../../engine/cli/chain.js"
import { coreEnums, coreObject } from "../../../engine/cli/core.js"
import { explain } from "../../../engine/cli/failure.js"
import type { Answer } from "../../../engine/module/answer.js"
import type {
  FunctionDefinition,
  ObjectDefinition,
  TypeReference,
} from "../../../engine/module/definitions.js"
import type { ModuleCall } from "../../../engine/module/invoke.js"

/** A small API whose objects are known by their ids. */
const schema = buildSchema(`
  directive @expectedType(name: String!) on FIELD_DEFINITION
  type Directory {
    id: ID!
    entries(kind: Kind, names: [String!]): [String!]!
    export(path: String!): String!
    fail: String!
    broken: String!
    parts: [Directory!]!
    sync: ID! @expectedType(name: "Directory")
  }
  type CacheVolume { id: ID! }
  type File { contents: String! }
  type Changeset { id: ID! asPatch: File! export(path: String!): String! }
  union Node = Directory | Changeset | CacheVolume
  enum Kind { FILES FOLDERS }
  type Host { directory(path: String!): Directory! }
  type Query { node(id: ID!): Node host: Host! }
`)

class Session {
  readonly documents: string[] = []

  async query(document: string): Promise<ExecutionResult> {
    this.documents.push(document)
    return graphql({
      schema,
      source: document,
      rootValue: {
        node: ({ id }: { id: string }) => this.object(id),
        host: { directory: (of: { path: string }) => this.object(of.path) },
      },
    })
  }

  private object(id: string): Record<string, unknown> {
    return {
      __typename: id.startsWith("change") ? "Changeset" : "Directory",
      id,
      entries: (given: object) => [id, JSON.stringify(given)],
      export: ({ path }: { path: string }) => `${id} at ${path}`,
      fail: () => {
        throw new GraphQLError("it failed.", {
          extensions: {
            ...{ _type: "EXEC_ERROR", cmd: ["make", "it"], exitCode: 2 },
            ...{ stdout: "", stderr: "no rule" },
          },
        })
      },
      broken: () => {
        throw new GraphQLError("it is broken.")
      },
      parts: () => ["one", "two"].map((part) => this.object(`${id}/${part}`)),
      sync: () => id,
      asPatch: () => ({ contents: "+new" }),
    }
  }
}

const object = (name: string): TypeReference => ({ kind: "object", name })

function fn(name: string, returns: TypeReference): FunctionDefinition {
  const source = {
    ...{ name: "source", description: "", optional: true },
    type: object("Directory"),
  }
  return { name, description: "", parameters: [source], returns }
}

const shop: Record<string, ObjectDefinition> = {
  Shop: {
    name: "Shop",
    description: "",
    functions: {
      version: fn("version", { kind: "string" }),
      folder: fn("folder", object("Directory")),
      folders: fn("folders", { kind: "list", of: object("Directory") }),
      cache: fn("cache", object("CacheVolume")),
      migrate: fn("migrate", object("Changeset")),
      cards: fn("cards", { kind: "list", of: object("Card") }),
    },
  },
  Card: {
    name: "Card",
    description: "",
    functions: { words: fn("words", { kind: "list", of: { kind: "string" } }) },
  },
}

async function run(
  words: string[],
  answer: Answer,
  output?: string,
  apply = false,
): Promise<unknown> {
  const session = new Session()
  const calls: ModuleCall[] = []
  const told: string[] = []
  const find = (name: string) => shop[name] ?? coreObject(schema, name)
  const around = {
    ...{ cwd: "/", environment: {}, module: { root: "/", repository: "/" } },
    enums: coreEnums(schema),
  }
  const main = find("Shop") as ObjectDefinition
  const ready = readChain(
    parseArguments(words, main, find),
    (name) => name in shop,
    around,
  )
  const result = await callChain(
    ready,
    {
      session,
      around,
      findCore: (name) => coreObject(schema, name),
      callModule: async (call) => {
        calls.push(call)
        return answer
      },
      apply,
      view: {
        stage: (name) => told.push(name),
        say: (text) => told.push(text),
      },
    },
    output,
  )
  return { result, calls, told, documents: session.documents }
}

describe("a chain", () => {
  test("is one call into the module", async () => {
    const words = ["cards", "--source=/tmp", "words"]
    expect(await run(words, { value: [["a"], ["b"]] })).toMatchObject({
      calls: [
        {
          construct: {},
          path: [
            { function: "cards", arguments: { source: "/tmp" } },
            { function: "words", arguments: {} },
          ],
        },
      ],
      told: ["cards words"],
      result: {
        type: { kind: "list", of: { kind: "list", of: { kind: "string" } } },
        value: [["a"], ["b"]],
      },
    })
  })

  test("goes on to the API, with enums and lists as it writes them", async () => {
    const words = ["folder", "entries", "--kind=files", "--names=a,b"]
    expect(await run(words, { value: "d1" })).toMatchObject({
      result: { value: ["d1", '{"kind":"FILES","names":["a","b"]}'] },
      told: ["folder", "entries"],
    })
  })

  test("goes on with each item of a list", async () => {
    const words = ["folders", "parts"]
    expect(await run(words, { value: ["d1", "d2"] })).toMatchObject({
      result: {
        value: [
          ["d1/one", "d1/two"],
          ["d2/one", "d2/two"],
        ],
      },
    })
  })

  test("that ends in an object runs it", async () => {
    const { result, documents } = (await run(["folder"], {
      value: "d1",
    })) as { result: unknown; documents: string[] }
    expect(result).toMatchObject({ value: "d1" })
    expect(documents).toEqual([
      '{ node(id: "d1") { ... on Directory { sync } } }',
    ])
    expect(await run(["cache"], { value: "c1" })).toMatchObject({
      documents: [],
      result: { value: "c1" },
    })
  })

  test("that ends in changes shows them, and writes nothing", async () => {
    expect(await run(["migrate"], { value: "change" })).toMatchObject({
      result: { value: "+new" },
      told: ["migrate", expect.stringMatching(/export --path=DIR/)],
    })
  })

  test("that ends in changes applies them when told so", async () => {
    const changes = { value: "change" }
    const ran = await run(["migrate"], changes, undefined, true)
    expect(ran).toMatchObject({
      result: { type: { kind: "void" } },
      told: ["migrate"],
      documents: [
        '{ node(id: "change") { ... on Changeset { export(path: ".") } } }',
      ],
    })
  })

  test("that ends in the module's own objects gives their fields", async () => {
    expect(await run(["cards"], { value: [{ a: 1 }] })).toMatchObject({
      documents: [],
      result: { value: [{ a: 1 }] },
    })
  })
})

test("nothing ends a chain, and nothing is called on it", async () => {
  const nothing = { value: null }
  expect(await run(["folder"], nothing)).toMatchObject({
    ...{ documents: [], result: { value: null } },
  })
  await expect(run(["folder", "entries"], nothing)).rejects.toThrow(
    "There is nothing to call entries on: what stands before it gave nothing.",
  )
  const file = path.join(mkdtempSync(path.join(tmpdir(), "chain-")), "x")
  expect(await run(["folder"], nothing, file)).toMatchObject({
    result: { value: file },
  })
})

describe("a result is saved", () => {
  test("by the API where it is an object", async () => {
    expect(await run(["folder"], { value: "d1" }, "/out")).toMatchObject({
      result: { type: { kind: "string" }, value: "d1 at /out" },
    })
  })

  test("as text where it is a value", async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "chain-")), "x")
    expect(await run(["version"], { value: "1.0" }, file)).toMatchObject({
      result: { value: file },
    })
    expect(readFileSync(file, "utf8")).toBe("1.0\n")
  })

  test("or refused where it cannot be", async () => {
    await expect(run(["cache"], { value: "c1" }, "/out")).rejects.toThrow(
      "A CacheVolume cannot be saved with --output.",
    )
  })
})

describe("what fails says so", () => {
  async function failure(words: string[], answer: Answer): Promise<string> {
    const error = await run(words, answer).catch((error: unknown) => error)
    return explain(error, false).text
  }

  test("with the module's function", async () => {
    const answer = { error: { message: "no." } }
    expect(await failure(["cards", "words"], answer)).toBe(
      "Error: no.\nStep: cards words\n",
    )
  })

  test("with the command, where the API ran one", async () => {
    expect(await failure(["folder", "fail"], { value: "d1" })).toBe(
      "Error: it failed.\nStep: fail\nCommand: make it (exit code 2)\n  no rule\nRun it with --debug for all that commands print.\n",
    )
  })

  test("with a sentence of the API", async () => {
    expect(await failure(["folder", "broken"], { value: "d1" })).toBe(
      "Error: it is broken.\n",
    )
  })
})
