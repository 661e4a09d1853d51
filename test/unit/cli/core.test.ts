import { buildSchema } from "graphql"
import { describe, expect, test } from "vitest"
import { coreEnums, coreObject } from "../../../engine/cli/core.js"

const schema = buildSchema(`
  directive @expectedType(name: String!) on FIELD_DEFINITION | ARGUMENT_DEFINITION
  scalar JSON
  scalar Void
  "A folder."
  type Folder {
    "Its files."
    entries(path: String = "/", deep: Boolean!, depth: Int, ratio: Float): [String!]!
    sync: ID! @expectedType(name: "Folder")
    with(source: ID! @expectedType(name: "Folder"), all: [ID!] @expectedType(name: "Folder")): Folder!
    meta: JSON
    stop: Void
    kind: Kind!
    undescribed(of: Kind = BIG): Int
  }
  type Bare { x: Int }
  enum Kind { "Very." BIG SMALL }
  "What there is."
  enum Other { ONE }
  type Query { folder: Folder! bare: Bare other: Other }
`)

describe("an object of the API", () => {
  const folder = coreObject(schema, "Folder")
  test("has its fields as functions", () => {
    expect(folder).toMatchObject({ name: "Folder", description: "A folder." })
    expect(folder?.functions.entries).toEqual({
      name: "entries",
      description: "Its files.",
      parameters: [
        {
          ...{ name: "path", description: "", optional: true },
          ...{ type: { kind: "string" }, defaultValue: "/" },
        },
        {
          ...{ name: "deep", description: "", optional: false },
          ...{ type: { kind: "boolean" }, defaultValue: undefined },
        },
        {
          ...{ name: "depth", description: "", optional: true },
          ...{ type: { kind: "integer" }, defaultValue: undefined },
        },
        {
          ...{ name: "ratio", description: "", optional: true },
          ...{ type: { kind: "float" }, defaultValue: undefined },
        },
      ],
      returns: { kind: "list", of: { kind: "string" } },
    })
  })

  test("has objects where an ID stands for one", () => {
    const object = { kind: "object", name: "Folder" }
    expect(folder?.functions.sync?.returns).toEqual(object)
    expect(folder?.functions.with?.returns).toEqual(object)
    expect(folder?.functions.with?.parameters.map(({ type }) => type)).toEqual([
      object,
      { kind: "list", of: object },
    ])
  })

  test("has enums, nothing, and other scalars as texts", () => {
    expect(folder?.functions.kind?.returns).toEqual({
      ...{ kind: "enum", name: "Kind" },
    })
    expect(folder?.functions.stop?.returns).toEqual({ kind: "void" })
    expect(folder?.functions.meta?.returns).toEqual({ kind: "string" })
    expect(folder?.functions.undescribed?.parameters[0]?.optional).toBe(true)
  })

  test("need not be described, and may not be there", () => {
    expect(coreObject(schema, "Bare")?.description).toBe("")
    expect(coreObject(schema, "Nothing")).toBeUndefined()
    expect(coreObject(schema, "Kind")).toBeUndefined()
  })
})

test("the API's enums are known by name", () => {
  const { Kind, Other } = coreEnums(schema)
  expect(Kind).toEqual({
    name: "Kind",
    description: "",
    members: [
      { name: "BIG", value: "BIG", description: "Very." },
      { name: "SMALL", value: "SMALL", description: "" },
    ],
  })
  expect(Other?.description).toBe("What there is.")
})
