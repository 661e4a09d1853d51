import type { ModuleDefinition } from "../../../engine/module/definitions.js"

/** A module with one parameter of every kind, for the command line's tests. */
export const example: ModuleDefinition = {
  name: "my-mod",
  description: "What the module is for.",
  main: "MyMod",
  enums: {
    Format: {
      name: "Format",
      description: "How to print.",
      members: [
        { name: "Text", value: "text", description: "plain" },
        { name: "JsonLines", value: "json-lines", description: "JSON" },
      ],
    },
  },
  objects: {
    MyMod: {
      name: "MyMod",
      description: "Does a thing. And another.",
      functions: {
        nextVersion: {
          name: "nextVersion",
          description: "Gives the next version. From commits.\n\nMore of it.",
          parameters: [
            {
              name: "source",
              description: "The project.",
              type: { kind: "object", name: "Directory" },
              optional: true,
              defaultPath: "/",
              ignore: ["**/.venv"],
            },
            {
              name: "format",
              description: "",
              type: { kind: "enum", name: "Format" },
              optional: true,
              defaultValue: "text",
            },
            {
              name: "pythons",
              description: "Interpreters.",
              type: { kind: "list", of: { kind: "string" } },
              optional: true,
              defaultValue: [],
            },
            {
              name: "command",
              description: "What to run.",
              type: { kind: "string" },
              optional: true,
              defaultValue: "",
            },
            {
              name: "tries",
              description: "How often.",
              type: { kind: "integer" },
              optional: true,
              defaultValue: 3,
            },
            {
              name: "local",
              description: "With the local part.",
              type: { kind: "boolean" },
              optional: true,
              defaultValue: false,
            },
          ],
          returns: { kind: "string" },
        },
        build: {
          name: "build",
          description: "Builds.",
          parameters: [
            {
              name: "indexUrl",
              description: "Where to.",
              type: { kind: "string" },
              optional: false,
            },
          ],
          returns: { kind: "object", name: "Directory" },
        },
        ping: {
          name: "ping",
          description: "",
          parameters: [],
          returns: { kind: "void" },
        },
      },
    },
  },
}

export const main = example.objects.MyMod ?? fail()

function fail(): never {
  throw new Error("the example has a main object")
}
