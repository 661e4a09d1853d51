import { readFileSync } from "node:fs"
import {
  buildSchema,
  type GraphQLObjectType,
  isEnumType,
  isObjectType,
  isRequiredArgument,
  validateSchema,
} from "graphql"
import { expect, test } from "vitest"

import { executableSchema, resolvers } from "../../../engine/api/executable.js"
import { assetText } from "../../../engine/assets.js"
import { schema } from "../../../engine/schema.js"

/** The API as the SDK has it: types with their methods' declarations. */
const client = readFileSync(
  "node_modules/@dagger.io/dagger/dist/src/api/client.gen.d.ts",
  "utf8",
)

const objects = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType =>
    isObjectType(type) && !type.name.startsWith("__"),
)

// The SDK's words that are kept for JavaScript have an underscore.
function declarations(typeName: string): string {
  const name = typeName === "Query" ? "Client" : typeName
  const [, body] =
    new RegExp(
      `export declare class (?:${name}|_${name}) extends[\\s\\S]*?{\\n([\\s\\S]*?)\\n}\\n`,
    ).exec(client) ?? []
  return body ?? ""
}

function options(typeName: string, field: string): string {
  const owner = typeName === "Query" ? "Client" : typeName
  const name = `${owner}${field[0]?.toUpperCase()}${field.slice(1)}Opts`
  const [, body] =
    new RegExp(`export type ${name} = {\\n([\\s\\S]*?)\\n};`).exec(client) ?? []
  return body ?? ""
}

test("it is a valid schema, which no call takes the time to see", () => {
  expect(validateSchema(buildSchema(assetText("schema.graphql")))).toEqual([])
})

test.each(objects.map((type) => [type.name, type] as const))(
  "%s: every field and argument is in the SDK",
  (name, type) => {
    const body = declarations(name)
    expect(body).not.toBe("")
    for (const field of Object.values(type.getFields())) {
      const declared = new RegExp(`^ {4}${field.name}: (.*);$`, "m").exec(body)
      if (field.name === "node" || (name === "Query" && field.name === "id")) {
        continue
      }
      expect(declared, `${name}.${field.name}`).not.toBe(null)
      for (const argument of field.args) {
        const known = isRequiredArgument(argument)
          ? declared?.[1]
          : options(name, field.name)
        expect(known, `${name}.${field.name}(${argument.name})`).toMatch(
          new RegExp(`\\b${argument.name}\\??:`),
        )
      }
    }
  },
)

test("every enum's members are in the SDK", () => {
  for (const type of Object.values(schema.getTypeMap()).filter(isEnumType)) {
    if (type.name.startsWith("__")) {
      continue
    }
    const [, body = ""] =
      new RegExp(`export declare enum ${type.name} {([\\s\\S]*?)\\n}`).exec(
        client,
      ) ?? []
    for (const { name } of type.getValues()) {
      const plain = name.replace(/_TYPE$/, "")
      expect(body.toUpperCase()).toMatch(new RegExp(`${plain}`))
    }
  }
})

test("every field is answered", () => {
  for (const { name } of objects) {
    const fields = executableSchema.getType(name) as GraphQLObjectType
    expect(Object.keys(resolvers[name] ?? {}).sort()).toEqual(
      Object.keys(fields.getFields()).sort(),
    )
  }
})

test("every object and field says what it is", () => {
  for (const type of objects) {
    expect(type.description, type.name).toBeTruthy()
    for (const field of Object.values(type.getFields())) {
      if (field.name !== "id") {
        expect(field.description, `${type.name}.${field.name}`).toBeTruthy()
      }
    }
  }
})
