import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import {
  type PreparedModule,
  prepareModule,
} from "../../engine/module/prepare.js"
import { findModule } from "../../engine/module/source.js"
import { root } from "../root.js"

const folder = mkdtempSync(path.join(tmpdir(), "module-"))
const greeter = path.join(root, "test/fixtures/modules/greeter")
afterAll(() => rmSync(folder, { recursive: true }))

function moduleWith(name: string, daggerJson: string): string {
  const place = path.join(folder, name)
  mkdirSync(place)
  writeFileSync(path.join(place, "dagger.json"), daggerJson)
  return place
}

describe("a module is found", () => {
  test("in the folder or above it", () => {
    const found = findModule(path.join(greeter, "src"))
    expect(found).toMatchObject({ name: "greeter", root: greeter })
    expect(findModule(root)).toMatchObject({
      name: "pypi-deploy",
      source: path.join(root, "dagger"),
    })
  })

  test("with a digest of its sources alone", () => {
    const copy = path.join(folder, "copy")
    cpSync(greeter, copy, { recursive: true })
    expect(findModule(copy).digest).toBe(findModule(greeter).digest)
    writeFileSync(path.join(copy, "src", "more.ts"), "export const x = 1\n")
    expect(findModule(copy).digest).not.toBe(findModule(greeter).digest)
  })

  test.each([
    ["none", undefined, /No dagger\.json in .* pass the module's folder/],
    ["broken", "{", /dagger\.json is not JSON: /],
    [
      "go",
      '{"name":"x","sdk":{"source":"go"}}',
      /is a module for the SDK "go"/,
    ],
    ["old", '{"name":"x","sdk":"python"}', /is a module for the SDK "python"/],
    ["bare", '{"name":"x"}', /is a module for the SDK "none"/],
    [
      "outside",
      '{"name":"x","sdk":"typescript","source":"../.."}',
      /has its source at \.\.\/\.\., which lies outside its repository/,
    ],
    [
      "empty",
      '{"name":"x","sdk":"typescript"}',
      /The module in .* has no folder src/,
    ],
  ])("or refused with a sentence: %s", (name, json, message) => {
    const place = json === undefined ? folder : moduleWith(name, json)
    expect(() => findModule(place)).toThrow(message)
  })
})

describe("a module is prepared", () => {
  let prepared: PreparedModule
  const notices: string[] = []

  beforeAll(async () => {
    const source = { ...findModule(greeter), digest: `test-${process.pid}` }
    prepared = await prepareModule(source, root, (line) => notices.push(line))
  })
  afterAll(() => {
    rmSync(path.dirname(prepared.runtime), { recursive: true })
  })

  test("by the SDK's own introspection", () => {
    const { definition } = prepared
    const main = definition.objects[definition.main]
    expect(definition.description).toBe("Greets people, in several ways.")
    expect(Object.keys(main?.functions ?? {})).toContain("secretLength")
    expect(main?.functions.greet).toEqual({
      name: "greet",
      description: "Greets somebody.",
      parameters: [
        {
          name: "name",
          description: "Who it is.",
          type: { kind: "string" },
          optional: false,
        },
        {
          name: "volume",
          description: "How loud.",
          type: { kind: "enum", name: "Loudness" },
          optional: true,
          defaultValue: "calm",
        },
        {
          name: "times",
          description: "How often.",
          type: { kind: "integer" },
          optional: true,
          defaultValue: 1,
        },
      ],
      returns: { kind: "string" },
    })
    expect(main?.functions.list).toMatchObject({
      parameters: [{ defaultPath: "/", ignore: ["**/hidden"], optional: true }],
      returns: { kind: "list", of: { kind: "string" } },
    })
    expect(definition.enums.Loudness?.members).toEqual([
      { name: "Calm", value: "calm", description: "as it is" },
      { name: "VeryLoud", value: "very-loud", description: "in capitals" },
    ])
  })

  test("once: the second time there is nothing to say", async () => {
    expect(notices).toEqual(["reading the functions of greeter"])
    await prepareModule(prepared.source, root, (line) => notices.push(line))
    expect(notices).toHaveLength(1)
  })

  test("or refused when its functions cannot be read", async () => {
    const place = moduleWith("odd", '{"name":"odd","sdk":"typescript"}')
    mkdirSync(path.join(place, "src"))
    writeFileSync(path.join(place, "src", "index.ts"), "export const x = 1\n")
    await expect(
      prepareModule(findModule(place), root, () => {}),
    ).rejects.toThrow("The functions of odd cannot be read: ")
  })
})
