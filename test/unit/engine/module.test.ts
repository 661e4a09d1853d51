import path from "node:path"
import { connection } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import {
  type ModuleDefinition,
  namedType,
  resultType,
} from "../../../engine/module/definitions.js"
import { reason } from "../../../engine/module/introspect.js"
import { invoke } from "../../../engine/module/invoke.js"
import { fromScan, type Scan } from "../../../engine/module/scan.js"
import { listen } from "../../../engine/server.js"

const text = { kind: "STRING_KIND" }

function method(name: string, returnType: object, args: object[] = []) {
  return {
    ...{ name, description: `${name}.`, returnType },
    arguments: Object.fromEntries(
      args.map((given) => {
        const argument = {
          ...{ name: "it", description: "", type: text },
          ...{ isVariadic: false, isNullable: false, isOptional: false },
          ...given,
        }
        return [argument.name, argument]
      }),
    ),
  }
}

function property(name: string, type: object, more: object = {}) {
  return { name, description: "", type, isExposed: false, ...more }
}

/** What the SDK's introspection prints of a module with one of each. */
const scan = {
  name: "Shop",
  description: "Sells.",
  objects: {
    Shop: {
      name: "Shop",
      description: "A shop.",
      constructor: method("", {}, [
        { name: "owner", defaultValue: "Bo" },
        {
          name: "base",
          type: { kind: "OBJECT_KIND", name: "Directory" },
          defaultPath: "/",
          ignore: ["x"],
        },
      ]),
      methods: {
        item: method("item", { kind: "OBJECT_KIND", name: "Item" }, [{}]),
        items: method(
          "items",
          { kind: "LIST_KIND", typeDef: { kind: "OBJECT_KIND", name: "Item" } },
          [
            {
              name: "names",
              type: { kind: "LIST_KIND", typeDef: text },
              isVariadic: true,
            },
          ],
        ),
        any: {
          ...method("anything", { kind: "INTERFACE_KIND", name: "Priced" }),
          alias: "any",
        },
        size: method("size", { kind: "INTEGER_KIND" }, [
          { type: { kind: "FLOAT_KIND" }, isNullable: true },
        ]),
        loud: method("loud", { kind: "BOOLEAN_KIND" }, [
          { type: { kind: "ENUM_KIND", name: "Volume" }, isOptional: true },
        ]),
        nothing: method("nothing", { kind: "VOID_KIND" }),
        none: method("none", { kind: "OBJECT_KIND", name: "Item" }),
        words: method("words", { kind: "LIST_KIND", typeDef: text }),
        platform: method("platform", { kind: "SCALAR_KIND", name: "Platform" }),
        image: method("image", text, [
          { isOptional: true, defaultAddress: "debian:12" },
        ]),
        folder: method("folder", { kind: "OBJECT_KIND", name: "Directory" }),
        meta: method("meta", { kind: "OBJECT_KIND", name: "Meta" }),
        undeclared: method("undeclared", { kind: "OBJECT_KIND", name: "Item" }),
        gone: method("gone", text),
        unknown: method("unknown", { kind: "OBJECT_KIND", name: "Nowhere" }),
      },
      properties: {
        owner: property("owner", text, { isExposed: true, alias: "whose" }),
        base: property("base", { kind: "OBJECT_KIND", name: "Directory" }),
        best: property("best", { kind: "OBJECT_KIND", name: "Item" }),
        odd: property("odd", { kind: "OBJECT_KIND", name: "Strange" }),
      },
    },
    Item: {
      name: "Item",
      description: "",
      methods: { price: method("price", { kind: "FLOAT_KIND" }) },
      properties: {
        name: property("name", text, { isExposed: true }),
        tags: property("tags", { kind: "LIST_KIND", typeDef: text }),
      },
    },
    Meta: {
      name: "Meta",
      description: "",
      properties: {
        seen: property("seen", { kind: "INTEGER_KIND" }, { isExposed: true }),
      },
    },
  },
  interfaces: {
    Priced: {
      name: "Priced",
      description: "",
      functions: { price: method("price", { kind: "FLOAT_KIND" }) },
    },
  },
  enums: {
    Volume: {
      name: "Volume",
      description: "",
      values: { Low: { name: "Low", value: "low", description: "" } },
    },
  },
} as unknown as Scan

class Item {
  name: string
  tags?: string[]
  constructor(name: string) {
    this.name = name
  }
  price() {
    return this.name.length / 2
  }
}

class Shop {
  owner: string
  base?: unknown
  best?: Item
  constructor(owner = "Bo", base?: unknown) {
    this.owner = owner
    this.base = base
    this.best = new Item(`${owner}'s best`)
  }
  item(it: string) {
    const item = new Item(it)
    item.tags = ["new"]
    return item
  }
  items(...names: string[]) {
    return names.map((name) => new Item(name))
  }
  anything() {
    return this.best
  }
  size(it: number | null) {
    return it ?? -1
  }
  loud(it?: string) {
    return it === undefined
  }
  nothing() {}
  none() {
    return null
  }
  words() {
    return []
  }
  folder() {
    return { id: async () => "folder-id" }
  }
  meta() {
    return { seen: 3 }
  }
  undeclared() {
    return Object.assign(new Item("x"), { colour: "red" })
  }
  unknown() {
    return { some: "thing" }
  }
  platform() {
    return (this.base as { constructor: { name: string } }).constructor.name
  }
}

const definition = fromScan("shop", scan)
const call = (
  path: [string, Record<string, unknown>?][],
  construct: Record<string, unknown> = {},
  of: ModuleDefinition = definition,
) =>
  invoke({ Shop, Item }, of, {
    construct,
    path: path.map(([name, given = {}]) => ({
      function: name,
      arguments: given,
    })),
  })

describe("the SDK's scan becomes definitions", () => {
  const { objects, enums, main } = definition
  const functions = objects.Shop?.functions ?? {}
  const first = (name: string) => functions[name]?.parameters[0]

  test("with objects, interfaces and enums", () => {
    expect(main).toBe("Shop")
    expect(Object.keys(objects)).toEqual(["Priced", "Shop", "Item", "Meta"])
    expect(objects.Item?.construct).toEqual([])
    expect(enums.Volume?.members).toEqual([
      { name: "Low", value: "low", description: "" },
    ])
    expect(
      fromScan("x", { ...scan, interfaces: undefined }).objects,
    ).not.toHaveProperty("Priced")
  })

  test("with the constructor's parameters", () => {
    expect(objects.Shop?.construct).toMatchObject([
      { name: "owner", optional: true, defaultValue: "Bo" },
      { name: "base", optional: true, defaultPath: "/", ignore: ["x"] },
    ])
  })

  test("with fields as functions, under their aliases", () => {
    expect(functions.whose).toEqual({
      ...{ name: "whose", member: "owner", description: "" },
      ...{ parameters: [], returns: { kind: "string" }, field: true },
    })
    expect(functions.any?.member).toBe("anything")
    expect(functions.base).toBeUndefined()
    expect(objects.Shop?.fields?.base).toEqual({
      kind: "object",
      name: "Directory",
    })
  })

  test("with every way of being optional", () => {
    expect(first("item")).toMatchObject({ optional: false })
    expect(first("items")).toMatchObject({ optional: true, variadic: true })
    expect(first("size")).toMatchObject({ optional: true, nullable: true })
    expect(first("loud")).toMatchObject({
      ...{ optional: true, type: { kind: "enum", name: "Volume" } },
    })
    expect(first("image")).toMatchObject({ defaultAddress: "debian:12" })
    expect(functions.platform?.returns).toEqual({ kind: "string" })
  })
})

describe("a call into a module", () => {
  test.each<[string, [string, Record<string, unknown>?][], unknown]>([
    ["a field", [["whose"]], "Ada"],
    [
      "a function of an object that another gave",
      [["item", { it: "pen" }], ["price"]],
      1.5,
    ],
    ["a field of such an object", [["item", { it: "pen" }], ["name"]], "pen"],
    ["what an object shows", [["item", { it: "pen" }]], { name: "pen" }],
    [
      "each of a list",
      [["items", { names: ["ab", "c"] }], ["price"]],
      [1, 0.5],
    ],
    ["a list", [["items", { names: ["ab"] }]], [{ name: "ab" }]],
    ["nothing of nothing", [["none"], ["price"]], null],
    ["nothing of no items", [["items"], ["nowhere"]], []],
    ["nothing of no words", [["words"], ["nowhere"]], []],
    ["no names at all", [["items"]], []],
    ["an interface's function", [["any"], ["price"]], 5],
    ["null where nothing is given", [["size"]], -1],
    ["undefined where it is optional", [["loud"]], true],
    ["nothing", [["nothing"]], null],
    ["an object of the API", [["folder"]], "folder-id"],
    ["a type without a class", [["meta"]], { seen: 3 }],
    ["a field of it", [["meta"], ["seen"]], 3],
  ])("gives %s", async (_, path, value) => {
    expect(await call(path, { owner: "Ada" })).toEqual(value)
  })

  test("keeps objects of the API by their ids", async () => {
    const asked: string[] = []
    const server = await listen({
      token: async (document) => {
        asked.push(document.replace(/\s+/g, " "))
        return { data: { node: { id: "some-id" } } }
      },
    })
    process.env.DAGGER_SESSION_PORT = String(server.port)
    process.env.DAGGER_SESSION_TOKEN = "token"
    try {
      await connection(async () => {
        expect(await call([["platform"]], { base: "some-id" })).toBe(
          "Directory",
        )
      })
    } finally {
      await server.close()
    }
    expect(asked).toEqual([
      ' { node (id: "some-id") { ... on Directory { id } } } ',
    ])
  })

  test.each<[string, [string, Record<string, unknown>?][], RegExp]>([
    [
      "a fraction for a number",
      [["size", { it: 0.5 }]],
      /gave 0\.5, which is no whole number: declare/,
    ],
    [
      "a property that nobody declared",
      [["undeclared"]],
      /Item\.colour is set, but not declared/,
    ],
    [
      "a function that is not there",
      [["gone"]],
      /Shop\.gone is not a function/,
    ],
    [
      "a function that is not defined",
      [["nowhere"]],
      /Shop has no function nowhere/,
    ],
    [
      "an object that is not defined",
      [["unknown"]],
      /The module has no object Nowhere/,
    ],
    [
      "a function of a text",
      [["whose"], ["length"]],
      /The module has no object string/,
    ],
  ])("refuses %s", async (_, path, message) => {
    await expect(call(path)).rejects.toThrow(message)
  })

  test("needs no definition of a constructor", async () => {
    const plain = structuredClone(definition)
    delete plain.objects.Shop?.construct
    expect(await call([["whose"]], {}, plain)).toBe("Bo")
  })

  test("refuses types that the SDK does not have", async () => {
    const odd = structuredClone(definition)
    odd.objects.Shop?.construct?.push({
      ...{ name: "odd", description: "", optional: true },
      type: { kind: "object", name: "Strange" },
    })
    await expect(call([], { odd: "x" }, odd)).rejects.toThrow(
      "The SDK has no type Strange.",
    )
  })

  test("refuses a module without its main class", async () => {
    const empty = { ...definition, main: "Nobody" }
    await expect(call([], {}, empty)).rejects.toThrow(
      "The module exports no class Nobody.",
    )
  })
})

describe("types", () => {
  const folder = { kind: "object", name: "Directory" } as const
  test("of what is called on a list are lists", () => {
    expect(
      resultType({ kind: "list", of: folder }, { kind: "string" }),
    ).toEqual({ kind: "list", of: { kind: "string" } })
  })

  test("have a name inside", () => {
    expect(namedType({ kind: "list", of: folder })).toBe("Directory")
    expect(namedType({ kind: "void" })).toBeUndefined()
  })
})

describe("a failed introspection", () => {
  const copy = path.join("/cache", "draft", "src")
  test("names the place in the module's own sources", () => {
    const stderr = `x\nIntrospectionError: no type for Map at ${copy}/index.ts:12:5.\n  at y`
    expect(reason(stderr, copy)).toBe("no type for Map at src/index.ts:12:5.")
    expect(reason("silence", copy)).toBeUndefined()
  })
})
