import { describe, expect, test } from "vitest"
import { parseArguments } from "../../../engine/cli/arguments.js"
import { moduleFolder } from "../../../engine/cli/options.js"
import { UsageError } from "../../../engine/cli/usage.js"
import type { ObjectDefinition } from "../../../engine/module/definitions.js"
import { main } from "./example.js"

const directory: ObjectDefinition = {
  name: "Directory",
  description: "A folder.",
  functions: {
    export: {
      name: "export",
      description: "Writes it to this machine.",
      parameters: [
        {
          name: "path",
          description: "",
          type: { kind: "string" },
          optional: false,
        },
      ],
      returns: { kind: "string" },
    },
  },
}

function parse(...words: string[]) {
  return parseArguments(words, main, find)
}

const objects: Record<string, ObjectDefinition> = {
  MyMod: main,
  Directory: directory,
}

function find(name: string): ObjectDefinition | undefined {
  return objects[name]
}

/** The example with a parameter of its constructor that has to be given. */
const made: ObjectDefinition = {
  ...main,
  construct: [
    {
      name: "greeting",
      description: "What is said.",
      type: { kind: "string" },
      optional: false,
    },
  ],
}

describe("a command line", () => {
  test("is a function and its flags, in either spelling", () => {
    const { chain } = parse("next-version", "--tries=2", "--format", "TEXT")
    expect(chain).toHaveLength(1)
    expect(chain[0]?.function.name).toBe("nextVersion")
    expect(Object.fromEntries(chain[0]?.flags ?? [])).toEqual({
      tries: ["2"],
      format: ["TEXT"],
    })
  })

  test("may write a function as the code does", () => {
    expect(parse("nextVersion").chain[0]?.function.name).toBe("nextVersion")
  })

  test("keeps every value of a flag that is given twice", () => {
    const { chain } = parse("next-version", "--pythons=3.10", "--pythons=3.12")
    expect(chain[0]?.flags.get("pythons")).toEqual(["3.10", "3.12"])
  })

  test("has switches that take no word with them", () => {
    const { chain } = parse("next-version", "--local", "--tries=1")
    expect(chain[0]?.flags.get("local")).toEqual(["true"])
    const off = parse("next-version", "--local=false")
    expect(off.chain[0]?.flags.get("local")).toEqual(["false"])
  })

  test("keeps equals signs and new lines inside a value", () => {
    const { chain } = parse("build", "--index-url=http://x/?a=b\nc")
    expect(chain[0]?.flags.get("indexUrl")).toEqual(["http://x/?a=b\nc"])
  })

  test("goes on to the result's functions", () => {
    const { chain } = parse("build", "--index-url=x", "export", "--path=dist")
    expect(chain.map((link) => link.function.name)).toEqual(["build", "export"])
  })

  test("has options anywhere", () => {
    const { options } = parse(
      ...["-m", "mods/x", "ping", "--json", "-s", "-o=out", "--debug"],
      ...["--isolation=namespaces", "--prune"],
    )
    expect(options).toEqual({
      module: "mods/x",
      output: "out",
      isolation: "namespaces",
      json: true,
      autoApply: false,
      silent: true,
      debug: true,
      help: false,
      prune: true,
    })
    expect(parse("--completion", "zsh").options.completion).toBe("zsh")
    expect(parse("-y", "ping").options.autoApply).toBe(true)
  })

  test.each([
    [["ping", "-m", "x"], "x"],
    [["--mod=a=b", "ping"], "a=b"],
    [["ping"], undefined],
    [["ping", "-m"], undefined],
  ])("%j: its module is in %s", (words, folder) => {
    expect(moduleFolder(words)).toBe(folder)
  })

  test("has the constructor's flags before the function", () => {
    const words = ["--greeting=Hi", "ping"]
    const { construct, chain } = parseArguments(words, made, (name) =>
      name === "MyMod" ? made : undefined,
    )
    expect(construct.flags.get("greeting")).toEqual(["Hi"])
    expect(chain).toHaveLength(1)
    const none = parseArguments([], made, find)
    expect(none).toMatchObject({ chain: [] })
  })

  test("calls on each item of a list", () => {
    const listing: ObjectDefinition = {
      ...main,
      functions: {
        parts: {
          ...{ name: "parts", description: "", parameters: [] },
          returns: { kind: "list", of: { kind: "object", name: "Directory" } },
        },
      },
    }
    const words = ["parts", "export", "--path=x"]
    const { chain } = parseArguments(words, listing, (name) =>
      name === "MyMod" ? listing : directory,
    )
    expect(chain[1]?.object.name).toBe("Directory")
  })

  test("switches options on, and off", () => {
    expect(parse("--json", "--silent=true").options).toMatchObject({
      ...{ json: true, silent: true },
    })
    expect(parse("--json=false").options.json).toBe(false)
  })

  test("that asks for help may leave out what is required", () => {
    expect(parse("build", "--help").options.help).toBe(true)
  })
})

describe("a wrong command line is refused, naming", () => {
  test.each([
    [
      ["publsh"],
      'There is no function "publsh" on MyMod: it has build, next-version, ping.',
    ],
    [["build"], "build needs --index-url: see ./call build --help."],
    [["ping", "--x"], "ping has no flag --x: it has none."],
    [["build", "--x=1"], "build has no flag --x: it has --index-url."],
    [
      ["--isolation=chroot"],
      '--isolation is "chroot", but takes namespaces or folder.',
    ],
    [["--completion=fish"], '--completion is "fish", but takes bash or zsh.'],
    [["--nope"], "There is no option --nope: see ./call --help."],
    [["--json=no"], '--json is "no", but takes true or false.'],
    [
      ["-m", "DIR", "next-version", "build"],
      'Nothing can be called on the result of next-version, so "build" has no place.',
    ],
    [
      ["-m", "DIR", "build"],
      "build needs --index-url: see ./call -m DIR build --help.",
    ],
    [["build", "--index-url"], "--index-url needs a value: --index-url=VALUE."],
    [
      ["ping", "more"],
      'Nothing can be called on the result of ping, so "more" has no place.',
    ],
  ])("%j: %s", (words, message) => {
    expect(() => parse(...words)).toThrow(new UsageError(message))
  })

  test("what the constructor needs", () => {
    expect(() =>
      parseArguments(["ping"], made, (name) =>
        name === "MyMod" ? made : undefined,
      ),
    ).toThrow("MyMod needs --greeting before the function: see ./call --help.")
  })
})
